"""FEEL, the expression language of DMN: text to tree to closures."""
