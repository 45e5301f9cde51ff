"""Commands go one way here: load, decide, seal, append. Reads of one child fold her stream."""
