"""What stands in the hall and is read by everybody."""
