"""What the catalog and the options know of a section or a field, as one document that views render."""
