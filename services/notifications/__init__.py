"""The notifications service: it reacts to what Casefile publishes. It shares no code with it."""
