"""R23 to R29 over a county in which a little of everything was done."""

from datetime import date
from typing import Any

import pytest

from services.casefile.domain.catalogue import catalogue
from services.casefile.exporting.rendering import FORMATS, render
from services.casefile.exporting.showing import named
from services.casefile.labels import Labels, labels, spoken
from services.casefile.reports.registry_work import WORK
from services.casefile.reports.report import Column, Report
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import INSPECTOR, OPERATOR, drawn
from tests.casefile.reports.work_done import done

SPRING: dict[str, Any] = {"since": date(2025, 2, 1), "until": date(2025, 6, 30)}
CODES = [each.code for each in WORK]


@pytest.fixture
def county(past: Bygone) -> Bygone:
    done(past, [past.opened("2024-09-01") for _ in range(7)])
    past.write()
    return past


def untranslated(report: Report, words: Labels) -> set[tuple[str, str]]:
    found = set()
    for table in report.tables:
        for row in table.rows:
            for cell, column in zip(row, table.columns, strict=True):
                if column.form == "code" and cell is not None:
                    shown = named(row, table.columns, column) if column.name == "value" else column
                    if not is_said(shown, str(cell), words):
                        found.add((shown.name, str(cell)))
    return found


def is_said(column: Column, code: str, words: Labels) -> bool:
    if column.name == "kind":
        return code in catalogue().by_slug
    return any(words.has(c, spoken(code)) for c in (f"code.{column.name}", "code"))


@pytest.mark.parametrize("code", CODES)
def test_every_code_in_it_has_its_word(county: Bygone, code: str):
    report = drawn(county, code, unit="county-1", **SPRING)

    assert all(list(table.rows) for table in report.tables)
    assert untranslated(report, labels("zh")) == set()
    # A questionnaire is called by its id.
    titles = {table.title for table in report.tables if table.title != "left-behind-life v1"}
    assert [title for title in titles if not labels("zh").has("", title)] == []


@pytest.mark.parametrize("code", CODES)
def test_it_is_drawn_in_every_format_and_for_everybody(county: Bygone, tmp_path: Any, code: str):
    for reader in (INSPECTOR, OPERATOR):
        for form in FORMATS:
            report = drawn(county, code, reader, unit="town-1", **SPRING)
            render(report, form, "zh", tmp_path / f"{reader.role}.{form}")

    told = (tmp_path / "operator.csv").read_text("utf-8-sig")
    children = [each.id for each in county.at().cases()]
    assert not [child for child in children if str(child) in told]


def test_reports_of_one_of_its_schools_say_less(county: Bygone):
    whole, part = (drawn(county, "R24", unit=unit, **SPRING) for unit in ("town-1", "school-2"))

    assert (whole.stamp.children, part.stamp.children) == (7, 0)
