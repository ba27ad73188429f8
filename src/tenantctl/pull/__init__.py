"""Say what a file has to say so that a plan against the live tenant is empty: pure functions."""
