"""Carry a Plan out, exactly as it was shown."""
