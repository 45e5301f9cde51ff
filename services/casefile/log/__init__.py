"""The log: one append-only table, its recorder, mapper and keyring; followers read it in order."""
