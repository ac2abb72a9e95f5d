"""The history of the schema, one for both databases; the truth about what a table looks like."""
