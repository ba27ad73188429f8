"""What exists in a tenant: one file per resource type, and the vocabulary they are written in."""
