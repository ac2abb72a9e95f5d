"""Pages of those who run the hall: windows, people, mandates, the calendar."""
