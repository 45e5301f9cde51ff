"""Which workers and places have entered records that a person should ask about: statistics of the
headers of records, each against colleagues. A reading asks a question; it is never a score."""
