"""What becomes of an apply when requests fail or the process is killed, tried on a served sandbox."""
