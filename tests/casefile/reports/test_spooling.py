"""Rows of a long table wait on disk: they come back as they went in, and leave nothing behind."""

import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services.casefile.reports.report import Column, Share, Suppressed
from services.casefile.reports.spooling import Spool

CASE = UUID("0193a1c0-5b7e-7c3a-9f00-6d2f4a1b0c01")
COLUMNS = (
    Column("case", "Case", "case"),
    Column("unit", "Unit", "unit"),
    Column("occurred_on", "Happened on", "day"),
    Column("recorded_at", "Entered", "moment"),
    Column("share", "Children", "share"),
    Column("note", "Note"),
)
ROW = (CASE, "school-1", date(2026, 11, 2), datetime(2026, 11, 3, 4, tzinfo=UTC), Share(1, 9), None)


def test_rows_come_back_as_they_went_in_as_often_as_they_are_read():
    spool = Spool(COLUMNS)
    second = (*ROW[:4], Suppressed(), "二")

    spool.add(ROW)
    spool.add(second)

    assert [list(spool), list(spool)] == [[ROW, second]] * 2
    assert len(spool) == 2


def test_rows_with_a_key_come_in_its_order_and_equal_ones_as_they_came():
    spool = Spool(COLUMNS, by_key=True)

    for note, key in (("c", "2"), ("a", "1"), ("d", "2"), ("b", "1")):
        spool.add((*ROW[:5], note), key)

    assert [row[5] for row in spool] == ["a", "b", "c", "d"]


def test_it_knows_which_units_its_rows_name():
    spool = Spool(COLUMNS)

    for unit in ("school-2", None, "school-1", "school-2"):
        spool.add((CASE, unit, *ROW[2:]))

    assert spool.units == {"school-1", "school-2"}


def test_a_long_table_takes_no_memory_and_its_file_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    spool = Spool(COLUMNS)

    tracemalloc.start()
    for _ in range(50_000):
        spool.add(ROW)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 1_000_000
    assert not list(tmp_path.iterdir())
    assert sum(1 for _ in spool) == 50_000
