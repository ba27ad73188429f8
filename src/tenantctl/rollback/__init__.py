"""Say what a tenant has to be so that it is as it was before an apply: pure functions."""
