"""The rules, with no I/O: what a record is, what may be recorded, and what a stream says."""
