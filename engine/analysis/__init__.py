"""Answers what-if questions about past cases, on values alone."""
