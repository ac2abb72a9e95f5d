"""The command hall."""
