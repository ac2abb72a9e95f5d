"""The words and the arithmetic of the hall; pure values."""
