"""Load and validate the configuration: from ``tenant.yaml`` to `Desired`, with a position for every problem."""
