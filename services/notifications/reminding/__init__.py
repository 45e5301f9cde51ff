"""Reminders of what is still open, asked of Casefile day by day, and the digests of the morning."""
