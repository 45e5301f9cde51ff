"""Each message has one effect, in the transaction that says it was read."""
