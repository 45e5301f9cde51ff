"""Draws a report of the invented world, and finds a figure in it."""

from datetime import date
from typing import Any

from services.casefile.history.pinning import Pinned
from services.casefile.reports.asking import Asked, Reader
from services.casefile.reports.report import Report, Row, Table
from tests.casefile.history.bygone import Bygone

INSPECTOR = Reader("i-901", "inspector", case_level=True)
OPERATOR = Reader("o-1", "operator", case_level=False)
CUT = ("as_of", "known_at", "position")


def pinned(world: Bygone, **asked: Any) -> Pinned:
    cut = {name: value for name, value in asked.items() if name in CUT}
    return world.parts.reports.pin(**cut)


def drawn(world: Bygone, code: str, reader: Reader = INSPECTOR, **asked: Any) -> Report:
    question = Asked(**{name: value for name, value in asked.items() if name not in CUT})
    return world.parts.reports.draw(code, question, pinned(world, **asked), reader)


def table(report: Report, name: str) -> Table:
    return next(each for each in report.tables if each.name == name)


def rows(report: Report, name: str) -> list[dict[str, Any]]:
    found = table(report, name)
    names = [column.name for column in found.columns]
    return [dict(zip(names, row, strict=True)) for row in found.rows]


def row(report: Report, name: str, **wanted: Any) -> dict[str, Any]:
    [found] = [each for each in rows(report, name) if all(each[k] == v for k, v in wanted.items())]
    return found


def cells(found: Row) -> list[Any]:
    return list(found)


AUTUMN = {"since": date(2025, 9, 1), "until": date(2025, 11, 30)}
