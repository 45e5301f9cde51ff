"""Who hears what, when and through what: pure, from a ladder that an office writes as YAML."""
