"""JSON Lines and JSON: for programs. Codes stay codes, numbers stay numbers."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from services.casefile.exporting.marking import Mark
from services.casefile.exporting.showing import as_data, heading, table_title
from services.casefile.exporting.telling import sentence
from services.casefile.labels import Labels
from services.casefile.reports.report import Report, Row, Table

ENCODER = msgspec.json.Encoder(enc_hook=str)
PART = 64 * 1024
Piece = tuple[bytes, int]


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
    """The same as one document, a row to a line."""
    count = 0
    for piece, rows in pieces(report, words, mark):
        into.write(piece)
        count += rows
    into.write(b"\n")
    return count


def pieces(report: Report, words: Labels, mark: Mark | None = None) -> Iterator[Piece]:
    """The document while its rows are made, and how many rows are in each piece."""
    yield ENCODER.encode(about(report, words, mark))[:-1] + b',"tables":[', 0
    for number, table in enumerate(report.tables):
        before = b",\n" if number else b"\n"
        yield before + ENCODER.encode(form_of(table, words))[:-1] + b',"rows":[', 0
        between = b"\n"
        for row in table.rows:
            yield between + ENCODER.encode(cells_of(table, row)), 1
            between = b",\n"
        yield b"]}", 0
    yield b"]}", 0


def gathered(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """In parts that are worth sending."""
    part = bytearray()
    for piece, _ in pieces:
        part += piece
        if len(part) >= PART:
            yield bytes(part)
            part.clear()
    yield bytes(part)


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
