"""Ledgers in spreadsheets: the template that people fill in, and the import of what they filled.

    outcome = import_ledger(parts, path, context, Options(...), progress)
    write_template(path, locale)
    write_report(path, outcome, locale)

Rows become the same commands that the API calls; nothing here writes to the log on its own.
"""
