"""Where the shapes and lines of a diagram stand when nobody has drawn it."""
