"""PDF by typst: one template, user text as data, the events of a dossier attached (PDF/A-3)."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import typst

from services.casefile.domain.refusals import Invalid
from services.casefile.exporting.fonts import Typeface, typeface
from services.casefile.exporting.marking import Mark, mark_line, stamp_lines
from services.casefile.exporting.showing import heading, is_number, row_reader, table_title
from services.casefile.exporting.telling import sentence
from services.casefile.exporting.workplaces import workplace
from services.casefile.labels import Labels, Locale
from services.casefile.reports.report import Column, Report, Table

TEMPLATE = Path(__file__).with_name("report.typ")
MOST_ROWS = 20_000
WIDE_FROM = 7
WIDTHS = {
    "text": 3.0,
    "fields": 6.0,
    "case": 3.6,
    "moment": 2.4,
    "day": 1.7,
    "count": 1.2,
    "share": 2.4,
}
DATE = ("zh", "CN"), ("en", "GB")


class TooLongForPaper(Invalid):
    """The report has more rows than fit into a PDF."""

    remedy = "Ask for a smaller unit or fewer days, or take it as XLSX or CSV."


def write_pdf(
    report: Report,
    words: Labels,
    mark: Mark | None,
    into: BinaryIO,
    *,
    locale: Locale,
    fonts: Path | None = None,
) -> int:
    face = typeface(fonts)
    said, count = spoken(report, words, mark, face, locale)
    events = report.data.get("events") if isinstance(report.data, dict) else None
    with workplace() as root:
        shutil.copyfile(TEMPLATE, root / "report.typ")
        said["attached"] = bool(events)
        if events:
            write_events(root / "events.jsonl", events)
        made = typst.compile(
            root / "report.typ",
            root=root,
            font_paths=face.fonts,
            sys_inputs={"report": msgspec.json.encode(said).decode()},
            pdf_standards=["a-3u"],
            timestamp=int(moment_of(report).timestamp()),
        )
    assert isinstance(made, bytes)
    into.write(made)
    return count


def spoken(
    report: Report, words: Labels, mark: Mark | None, face: Typeface, locale: Locale
) -> tuple[dict[str, Any], int]:
    """Everything that is printed, as text the font can set."""
    tables, left = [], MOST_ROWS
    for table in report.tables:
        tables.append(laid_out(table, words, face, left, report.names))
        left -= len(tables[-1]["rows"])
    lang, region = DATE[locale == "en"]
    said = {
        "title": face.set(words.text(report.title)),
        "font": face.family,
        "lang": lang,
        "region": region,
        "date": list(moment_of(report).astimezone(UTC).timetuple()[:6]),
        "wide": any(len(table["heads"]) >= WIDE_FROM for table in tables),
        "position": f"{report.stamp.report} v{report.stamp.definition} · "
        f"{words.text('Position')} {report.stamp.cut.position}",
        "mark": face.set(mark_line(mark, words)) if mark else "",
        "stamp": [[face.set(n), face.set(v)] for n, v in stamp_lines(report, words)],
        "paragraphs": [
            {
                "heading": face.set(words.text(p.heading)) if p.heading else None,
                "text": face.set(sentence(p, words)),
            }
            for p in report.paragraphs
        ],
        "notes": [face.set(words.text(note)) for note in report.notes],
        "tables": tables,
        "signatures": [words.text(line) for line in report_signatures(report)],
        "words": {
            "none": words.text("No rows."),
            "date": words.text("Date"),
            "events": words.text("The events this file was folded from"),
        },
    }
    return said, MOST_ROWS - left


def laid_out(
    table: Table, words: Labels, face: Typeface, left: int, names: Mapping[str, str]
) -> dict[str, Any]:
    rows = list(islice(table.rows, left + 1))
    if len(rows) > left:
        raise TooLongForPaper
    columns = table.columns
    read = row_reader(columns, words, names)
    return {
        "title": face.set(table_title(table, words)),
        "heads": [face.set(heading(column, words)) for column in columns],
        "widths": [WIDTHS.get(column.form, 2.0) for column in columns],
        "numeric": numeric(columns, rows[0] if rows else []),
        "rows": [[face.set(cell) for cell in read(row)] for row in rows],
        "notes": [face.set(words.text(note)) for note in table.notes],
        "card": table.is_card,
    }


def numeric(columns: Sequence[Column], row: Sequence[Any]) -> list[bool]:
    return [
        column.form in ("count", "fen", "share") or (bool(row) and is_number(row[place], column))
        for place, column in enumerate(columns)
    ]


def report_signatures(report: Report) -> Sequence[str]:
    data = report.data
    return data.get("signatures", ()) if isinstance(data, dict) else ()


def write_events(path: Path, events: Sequence[Any]) -> None:
    encoder = msgspec.json.Encoder(enc_hook=str)
    path.write_bytes(b"".join(encoder.encode(event) + b"\n" for event in events))


def moment_of(report: Report) -> datetime:
    known_at = report.stamp.cut.known_at
    if known_at is not None:
        return known_at
    day = report.stamp.cut.as_of
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
