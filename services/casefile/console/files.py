"""A page's report as a file: JSON here, everything else as exporting writes it."""

from typing import Any

import msgspec

from services.casefile.api.problems import Pairs
from services.casefile.console.page import PageNotFound, Shown
from services.casefile.console.sending import Reply
from services.casefile.console.visit import Visit
from services.casefile.reports.report import Report

_json = msgspec.json.Encoder(order="deterministic").encode


def as_file(answer: Any, visit: Visit) -> Reply:
    """The same content as the page, whole."""
    if not isinstance(answer, Shown) or answer.report is None:
        raise PageNotFound
    match visit.format:
        case "json":
            return Reply(200, named(answer.report, "json", b"application/json"), of(answer.report))
        case _:
            raise PageNotFound


def of(report: Report) -> bytes:
    """The report as it is, its rows read to the end."""
    tables = [
        {"name": t.name, "title": t.title, "columns": t.columns, "rows": list(t.rows)}
        for t in report.tables
    ]
    return _json(msgspec.structs.asdict(report) | {"tables": tables})


def named(report: Report, ending: str, media_type: bytes) -> Pairs:
    """The name says which report, and as of which day."""
    name = f"{report.stamp.report}-{report.stamp.cut.as_of}.{ending}"
    return [
        (b"content-type", media_type),
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
    ]
