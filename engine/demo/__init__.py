"""The demo city, its people and the walk-through story."""
