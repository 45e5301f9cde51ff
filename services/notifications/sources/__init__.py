"""Where messages come from: Kafka, or the feed of the Casefile API; both behind one port."""
