"""Load and validate the configuration: YAML with positions, keywords, references, options, JSON Schema."""
