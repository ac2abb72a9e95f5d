"""Rows and queries of each subject; the only commit."""
