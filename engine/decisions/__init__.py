"""DMN in, Decision out; stores nothing."""
