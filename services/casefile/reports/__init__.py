"""The reports: what a scope looks like at a cut of the log, ready to print.

`report` says what a report is made of; every other module makes one of them. A report is read by
`exporting` (files), by the API and by the console; none of them reckons anything itself.
"""
