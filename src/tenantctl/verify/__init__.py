"""Issue a test token, check it as an API would, and say why it fails and what to change."""
