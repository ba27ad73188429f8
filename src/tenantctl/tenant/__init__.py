"""Read and write a live tenant through the Management API."""
