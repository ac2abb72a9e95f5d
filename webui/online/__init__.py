"""Public pages: the hall's front page, its matters and licence checks."""
