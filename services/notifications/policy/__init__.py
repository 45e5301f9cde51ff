"""Who hears what, when and through which channel: pure, from a ladder that people can read."""
