"""Form definitions in, clean answers or errors by field out."""
