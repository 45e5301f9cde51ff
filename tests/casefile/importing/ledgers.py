"""Ledgers to import: the real template with invented rows, or any sheet one needs."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from services.casefile.application.context import Context
from services.casefile.composition import Parts
from services.casefile.domain.catalogue import catalogue
from services.casefile.importing.faults import Problem
from services.casefile.importing.importer import Options, import_ledger
from services.casefile.importing.outcome import Outcome
from services.casefile.importing.template import write_template
from tests.casefile.world import actor

REGISTER = "G33000000000000"
NAMES = "甲乙丙丁戊己庚辛壬癸"
TALK_HEADER = ("儿童学籍号", "儿童姓名", "发生日期", "地点", "备注")


def register_no(number: int) -> str:
    return f"{REGISTER}{number:05d}"


def name(number: int) -> str:
    return f"禾苗{NAMES[number % 10]}"


def roster_row(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "name": name(number),
        "sex": "female",
        "birth_date": date(2015, 3, 1),
        "population": "left_behind",
        "village": "village-1",
        "school": "school-1",
        "school_register_no": register_no(number),
        "occurred_on": date(2026, 9, 1),
    } | fields


def of_child(number: int, day: date = date(2026, 10, 8), **fields: Any) -> dict[str, Any]:
    return {
        "child.school_register_no": register_no(number),
        "child.name": name(number),
        "occurred_on": day,
    } | fields


def ledger(path: Path, locale: Any = "zh", **filled: Sequence[Mapping[str, Any]]) -> Path:
    write_template(path, catalogue(), locale, filled)
    return path


def small_ledger(path: Path, children: int = 3, talks: int = 2, **more: Any) -> Path:
    """A roster and some talks with every child."""
    numbers = range(children)
    return ledger(
        path,
        opening=[roster_row(n) for n in numbers],
        talk=[
            of_child(n, date(2026, 10, 1 + t), performed_by="t-101", place="school", minutes=20)
            for n in numbers
            for t in range(talks)
        ],
        **more,
    )


def sheet(path: Path, title: str, *rows: Iterable[Any], merged: str = "") -> Path:
    """A workbook with one sheet, cell by cell."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(title)
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, cells in enumerate(rows):
            for index, value in enumerate(cells):
                if isinstance(value, date):
                    page.write_datetime(number, index, value, days)
                elif value is not None:
                    page.write(number, index, value)
        if merged:
            page.merge_range(merged, "合并")
    return path


def text(
    path: Path, *rows: Iterable[Any], encoding: str = "utf-8-sig", delimiter: str = ","
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def imported(casefile: Parts, path: Path, **options: Any) -> Outcome:
    context = Context(actor=actor("operator", "o-1", "operator"), source="import")
    return import_ledger(casefile, path, context, Options(**options))


def events(casefile: Parts) -> int:
    return len(casefile.recorder.page(0, 1_000_000))


def places(problems: Iterable[Problem]) -> list[tuple[str, int, str]]:
    return [(problem.sheet, problem.row, problem.column) for problem in problems]
