"""The engine of the hall: matters, processes, decisions, clocks, licences; it knows no web."""
