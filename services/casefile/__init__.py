"""Casefile keeps what was owed to a child, what was done, and who knew it when.

HTTP → api → application → domain → the log. Everything else follows the log: read models, due
dates, the seal and the relay each keep their own position in it.
"""
