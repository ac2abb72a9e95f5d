"""Pages of the clerks at the windows."""
