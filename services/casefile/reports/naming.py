"""Gives a report the names of its units, as they were called at the cut."""

from collections.abc import Iterator

import msgspec

from services.casefile.history.cohort import AtCut
from services.casefile.reports.report import Report
from services.casefile.reports.spooling import Spool


def named(report: Report, at: AtCut) -> Report:
    return msgspec.structs.replace(report, names=at.unit_names(sorted(set(units_in(report)))))


def units_in(report: Report) -> Iterator[str]:
    """The codes in the scope and in the tables whose rows are there already."""
    if report.stamp.scope.unit is not None:
        yield report.stamp.scope.unit
    for table in report.tables:
        places = [n for n, column in enumerate(table.columns) if column.form == "unit"]
        if isinstance(table.rows, Spool):
            yield from table.rows.units
        elif places and isinstance(table.rows, list):
            yield from (
                cell for row in table.rows for n in places if isinstance(cell := row[n], str)
            )
