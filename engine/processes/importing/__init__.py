"""Diagrams of other tools become ours: one module per subject, put together in `assistant`."""
