"""Units and staff from files: read, planned, shown, carried out."""
