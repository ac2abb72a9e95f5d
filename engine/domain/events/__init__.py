"""Every fact that can happen, a frozen dataclass each, by subject."""
