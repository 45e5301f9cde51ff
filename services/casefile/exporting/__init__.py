"""Carries a report out of the product: PDF, XLSX, CSV, JSON and JSON Lines, each export an event.

`rendering` writes a file in one of the formats; `showing` says how a cell reads, `marking` what is
printed with every page. `desk` hashes the file and puts the export on file before it is handed out.
"""
