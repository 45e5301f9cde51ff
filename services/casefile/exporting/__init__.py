"""Carries a report out of the product: PDF, XLSX, CSV and JSON Lines, each export an event."""
