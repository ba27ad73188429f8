"""A tenant recorded in a file: what goes into it, and how it is read back. No network."""
