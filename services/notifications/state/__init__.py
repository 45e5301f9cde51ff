"""The service's own database: what it has consumed, what it knows, whom it told."""
