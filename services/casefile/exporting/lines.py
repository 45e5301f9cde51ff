"""JSON Lines and JSON: for programs. Codes stay codes, numbers stay numbers."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from services.casefile.exporting.marking import Mark
from services.casefile.exporting.showing import as_data, heading, table_title
from services.casefile.exporting.telling import sentence
from services.casefile.labels import Labels
from services.casefile.reports.report import Report, Row, Table

ENCODER = msgspec.json.Encoder(enc_hook=str)


def write_lines(report: Report, words: Labels, mark: Mark | None, into: BinaryIO) -> int:
    """First what the report is, then a line for every row, at the end how many there were."""
    count = 0
    write(into, {"line": "report"} | about(report, words, mark))
    for table in report.tables:
        write(into, {"line": "table"} | form_of(table, words))
        for row in table.rows:
            write(into, {"line": "row", "table": table.name, "cells": cells_of(table, row)})
            count += 1
    write(into, {"line": "end", "rows": count})
    return count


def write_json(report: Report, words: Labels, mark: Mark | None, into: BinaryIO) -> int:
    """The same as one document."""
    data = as_document(report, words, mark)
    into.write(msgspec.json.format(ENCODER.encode(data), indent=2))
    into.write(b"\n")
    return sum(len(table["rows"]) for table in data["tables"])


def as_document(report: Report, words: Labels, mark: Mark | None = None) -> dict[str, Any]:
    return about(report, words, mark) | {"tables": [whole(t, words) for t in report.tables]}


def whole(table: Table, words: Labels) -> dict[str, Any]:
    return form_of(table, words) | {"rows": [cells_of(table, row) for row in table.rows]}


def cells_of(table: Table, row: Row) -> dict[str, Any]:
    return {c.name: as_data(cell, c) for cell, c in zip(row, table.columns, strict=True)}


def about(report: Report, words: Labels, mark: Mark | None) -> dict[str, Any]:
    said: dict[str, Any] = {"title": words.text(report.title), "stamp": report.stamp}
    if mark is not None:
        said["carried_out"] = mark
    said["paragraphs"] = list(told(report, words))
    said["notes"] = [words.text(note) for note in report.notes]
    if report.names:
        said["names"] = report.names
    if report.data is not None:
        said["data"] = report.data
    return said


def told(report: Report, words: Labels) -> Iterator[dict[str, Any]]:
    for paragraph in report.paragraphs:
        yield {
            "heading": words.text(paragraph.heading) if paragraph.heading else None,
            "text": sentence(paragraph, words),
            "figures": [
                {"name": f.name, "value": as_data(f.value), "link": f.link}
                for f in paragraph.figures
            ],
        }


def form_of(table: Table, words: Labels) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table_title(table, words),
        "columns": [
            {"name": c.name, "label": heading(c, words), "form": c.form} for c in table.columns
        ],
        "notes": [words.text(note) for note in table.notes],
    }


def write(into: BinaryIO, data: Any) -> None:
    into.write(ENCODER.encode(data) + b"\n")
