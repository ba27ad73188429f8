"""Render plans, outcomes and check results; every format from the same JSON documents."""
