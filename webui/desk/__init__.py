"""Pages of the officials who review and decide."""
