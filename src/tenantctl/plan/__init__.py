"""Compare `Desired` with `Current` and say what to do about it: pure functions over frozen data."""
