"""R25: what children answered comes out as so many of so many, and never who said it."""

from pathlib import Path
from typing import Any
from uuid import UUID

from services.casefile.exporting.rendering import render
from services.casefile.reports.report import Share, Suppressed
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import AUTUMN, OPERATOR, drawn, row, rows

LIFE = "left-behind-life.1"
DAY = "2025-10-15"


def answered(
    past: Bygone, child: UUID, *answers: dict[str, Any], on: str = DAY, **more: Any
) -> UUID:
    body = {"instrument": "left-behind-life", "instrument_version": 1} | more
    return past.told(child, "survey_response", on, answers=list(answers), **body)


def confide(option: str) -> dict[str, Any]:
    return {"item": "confide_in", "option": option}


def test_of_22_children_21_would_confide_in_their_parents_one_in_a_teacher_and_nobody_in_a_guardian(
    past: Bygone,
):
    children = [past.opened("2025-09-01") for _ in range(22)]
    for child in children[:21]:
        answered(past, child, confide("parents"))
    answered(past, children[21], confide("teachers"))
    past.write()

    report = drawn(past, "R25", unit="county-1", **AUTUMN)

    found = {each["option"]: each["children"] for each in rows(report, LIFE)}
    assert found == {
        "parents": Share(21, 22),
        "teachers": Share(1, 22),
        "guardian": Share(0, 22),
        "not_answered": Share(0, 22),
    }
    # The source cuts 95.45 to 95; so many of so many says which it was.
    assert [share.percent for share in found.values()] == [95.5, 4.5, 0.0, 0.0]


def test_each_version_of_a_questionnaire_is_a_table_of_its_own(past: Bygone):
    first, second = past.opened("2025-09-01"), past.opened("2025-09-01")
    answered(past, first, confide("parents"))
    answered(past, first, confide("teachers"), instrument_version=2)
    answered(past, second, {"item": "q1", "points": 3}, instrument="wishes", helped_by="teacher")
    past.write()

    report = drawn(past, "R25", unit="county-1", **AUTUMN)

    assert [table.name for table in report.tables] == [
        "questionnaires", LIFE, "left-behind-life.2", "wishes.1",
    ]  # fmt: skip
    assert row(report, "wishes.1", option="3")["children"] == Share(1, 1)
    wishes = row(report, "questionnaires", instrument="wishes")
    assert (wishes["answered"], wishes["alone"]) == (Share(1, 2), Share(0, 1))


def test_a_child_counts_once_with_her_last_answers(past: Bygone):
    child = past.opened("2025-09-01")
    answered(past, child, confide("parents"))
    answered(past, child, confide("teachers"), on="2025-10-20")
    answered(past, child, confide("guardian"), on="2026-01-10")
    past.write()

    report = drawn(past, "R25", unit="county-1", **AUTUMN)

    assert row(report, LIFE, option="teachers")["children"] == Share(1, 1)
    assert row(report, LIFE, option="parents")["children"] == Share(0, 1)
    assert row(report, LIFE, option="guardian")["children"] == Share(0, 1)


def test_words_of_a_child_are_counted_and_not_opened(past: Bygone, tmp_path: Path):
    child, silent = past.opened("2025-09-01"), past.opened("2025-09-01")
    words = {"item": "biggest_difficulty", "words": "夜里怕黑"}
    answered(past, child, words, confide("parents"))
    answered(past, silent, confide("parents"))
    past.write()

    report = drawn(past, "R25", unit="county-1", **AUTUMN)
    render(report, "json", "zh", tmp_path / "report.json")

    difficulty = {
        each["option"]: each["children"]
        for each in rows(report, LIFE)
        if each["dimension"] == "biggest_difficulty"
    }
    assert difficulty == {"in_own_words": Share(1, 2), "not_answered": Share(1, 2)}
    told = (tmp_path / "report.json").read_text()
    assert "怕黑" not in told
    assert str(child) not in told


def test_whoever_may_not_read_cases_sees_no_small_count_of_an_answer(past: Bygone):
    for number in range(22):
        answered(past, past.opened("2025-09-01"), confide("parents" if number else "teachers"))
    past.write()

    report = drawn(past, "R25", OPERATOR, unit="county-1", **AUTUMN)

    hidden = Suppressed(5)
    found = {each["option"]: each["children"] for each in rows(report, LIFE)}
    assert (found["parents"], found["teachers"]) == (hidden, hidden)
    assert found["guardian"] == Share(0, 22)
