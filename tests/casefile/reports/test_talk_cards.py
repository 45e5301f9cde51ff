"""R19: how completely talk cards are filled in, and the cards of one child to print."""

import io
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from services.casefile.exporting.rendering import render
from services.casefile.reports.report import Report, Share
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import AUTUMN, OPERATOR, drawn, row, rows
from tests.casefile.rulebooks.past import OTHER

DAY = "2025-09-10"
WHOLE: dict[str, Any] = {
    "place": "home", "minutes": 30, "mood": "low", "own_words": "想妈妈。",
    "concerns": "睡得晚。", "next_step": "下周再谈。",
    "domains": {"study": "作业拖拉", "emotion": "想家"},
}  # fmt: skip


def cards(report: Report) -> list[str]:
    return [each.name for each in report.tables if each.name.startswith("card_")]


def test_a_card_is_complete_with_all_seven_fields(past: Bygone):
    child = past.opened("2025-09-01")
    past.told(child, "talk", DAY, **WHOLE)
    past.told(child, "talk", DAY, **(WHOLE | {"domains": {}}))
    past.told(child, "talk", DAY, worker=OTHER, mood="calm")
    past.write()

    report = drawn(past, "R19", unit="county-1", **AUTUMN)

    unit = row(report, "units", branch="town-1")
    assert (unit["talks"], unit["complete"], unit["filled"]) == (3, Share(1, 3), Share(15, 21))
    people = {each["staff"]: each["complete"] for each in rows(report, "people")}
    assert people == {"t-101": Share(1, 2), "t-102": Share(0, 1)}
    fields = {(e["dimension"], e["value"]): e["share"].part for e in rows(report, "fields")}
    assert fields["card", "place"] == fields["card", "mood"] == 3
    assert (fields["card", "own_words"], fields["card", "domains"]) == (2, 1)
    assert (fields["domains", "study"], fields["domains", "body"]) == (1, 0)


def test_only_talks_that_count_on_the_days_asked_about_are_judged(past: Bygone):
    child = past.opened("2025-08-01")
    past.told(child, "talk", "2025-08-20", **WHOLE)
    wrong = past.told(child, "talk", DAY, **WHOLE)
    past.told(child, "talk", DAY, mood="calm")
    past.write()
    past.on("2025-12-20")
    past.annul(child, wrong)

    report = drawn(past, "R19", unit="county-1", **AUTUMN)

    assert row(report, "units", branch="town-1")["complete"] == Share(0, 1)


def test_of_one_member_of_staff_only_her_own_talks_are_counted(past: Bygone):
    child = past.opened("2025-09-01")
    past.told(child, "talk", DAY, **WHOLE)
    past.told(child, "talk", DAY, worker=OTHER, **WHOLE)
    past.write()

    report = drawn(past, "R19", case_id=child, staff="t-102", **AUTUMN)

    assert [each["staff"] for each in rows(report, "people")] == ["t-102"]
    assert cards(report) == ["card_1"]


def test_the_cards_of_one_child_are_printed_one_for_each_talk(past: Bygone, tmp_path: Path):
    child = past.opened("2025-09-01")
    past.told(child, "talk", "2025-10-10", mood="calm")
    past.told(child, "talk", DAY, **WHOLE)
    past.write()

    report = drawn(past, "R19", case_id=child, **AUTUMN)
    render(report, "pdf", "zh", tmp_path / "cards.pdf")

    assert cards(report) == ["card_1", "card_2"]
    first = {each["fact"]: each["says"] for each in rows(report, "card_1")}
    assert (first["occurred_on"], "想妈妈。" in first["own_words"]) == (
        '{"occurred_on":"2025-09-10"}',
        True,
    )
    pages = PdfReader(io.BytesIO((tmp_path / "cards.pdf").read_bytes())).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    text = "".join(texts)
    assert [each.count("复核人") for each in texts] == [0, 1, 1]
    assert text.count("谈心记录卡") > text.count("本卡填写不完整") == 1
    for said in ("想妈妈。", "作业拖拉", "下周再谈。", "情绪状态低落", "2025-10-10"):
        assert said in text, said


def test_a_card_says_the_place_that_goes_without_saying(past: Bygone):
    child = past.opened("2025-09-01")
    past.told(child, "talk", DAY, mood="calm")
    past.write()

    report = drawn(past, "R19", case_id=child, **AUTUMN)

    assert row(report, "card_1", fact="place")["says"] == '{"place":"school"}'


def test_whoever_may_not_read_cases_sees_neither_cards_nor_staff(past: Bygone):
    child = past.opened("2025-09-01")
    for _ in range(6):
        past.told(child, "talk", DAY, **WHOLE)
    past.write()

    report = drawn(past, "R19", OPERATOR, case_id=child, **AUTUMN)

    assert [each.name for each in report.tables] == ["fields", "units"]
    assert "想妈妈" not in str([rows(report, each.name) for each in report.tables])
