"""R30: what an inspector asks a member of staff of her children, with the answers the files have."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from services.casefile.exporting.rendering import render
from services.casefile.reports.asking import ParameterMissing, WrongValue
from services.casefile.reports.readers import OFFICES
from services.casefile.reports.registry import definition
from services.casefile.reports.spot_questions import NobodyAnsweredFor
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import drawn, row, rows

DAY = "2025-09-10"


def answered_for(past: Bygone, children: int, staff: str = "t-101") -> list[Any]:
    found = [past.opened("2025-09-01") for _ in range(children)]
    for child in found:
        past.told(child, "worker", "2025-09-02", role="class_teacher", staff=staff)
    return found


def says(found: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(found["answer"])
    return answer


def test_each_question_has_the_answer_of_the_file_beside_it_and_an_empty_cell(past: Bygone):
    [child] = answered_for(past, 1)
    past.told(child, "guardian", DAY, guardian_type="grandparent", name="禾某",
              relation="paternal_grandmother")  # fmt: skip
    past.told(child, "parent_absence", DAY, parents=["father"], movement="away",
              away_since="2024-02-20", work_place="某市电子厂")  # fmt: skip
    past.told(child, "boarding", DAY, boarding="boarding", goes_home="weekly")
    past.told(child, "talk", DAY, own_words="想妈妈。", next_step="下周再谈。")
    past.told(child, "talk", "2025-10-10", place="home")
    past.told(child, "home_visit", "2025-10-11", met=["guardian"])
    past.told(child, "grant", "2025-10-12", scheme="donation", amount_fen=9_000, rhythm="once",
              payer="lottery_fund", starts_on="2025-10-12")  # fmt: skip
    past.write()

    report = drawn(past, "R30", staff="t-101")

    asked = {each["question"]: each for each in rows(report, "questions")}
    assert {each["said"] for each in asked.values()} == {None}
    assert {each["name"] for each in asked.values()} == {'{"name":"禾苗甲"}'}
    assert says(asked["grade_and_class"]) == {"grade": 3, "class_unit": "class-31"}
    assert says(asked["guardian"])["name"] == "禾某"
    father = says(asked["father"])
    assert (father["work_place"], father["away_since"]) == ("某市电子厂", "2024-02-20")
    assert says(asked["boarding"])["boarding"] == "boarding"
    assert says(asked["last_talk"])["occurred_on"] == "2025-10-10"
    assert says(asked["last_home_visit"])["met"] == ["guardian"]
    assert says(asked["worries"]) == {
        "occurred_on": DAY, "own_words": "想妈妈。", "next_step": "下周再谈。",
    }  # fmt: skip
    assert says(asked["money"])["grants"][0]["amount_fen"] == 9_000


def test_what_is_not_on_file_is_a_line_too(past: Bygone):
    [child] = answered_for(past, 1)
    past.told(child, "medical_history", DAY, told_by="guardian")
    past.write()

    report = drawn(past, "R30", staff="t-101")

    filed = {each["question"]: each["filed"] for each in rows(report, "questions")}
    assert {question for question, state in filed.items() if state == "on_file"} == {
        "grade_and_class", "health",
    }  # fmt: skip
    assert len(filed) == 10
    assert says(row(report, "questions", question="health")) == {
        "conditions": "none", "occurred_on": DAY,
    }  # fmt: skip


def test_at_most_ten_are_drawn_and_the_same_seed_draws_the_same(past: Bygone):
    everybody = answered_for(past, 25)
    past.write()

    first, again, other = (
        drawn(past, "R30", staff="t-101", seed=seed).data["sample"]
        for seed in ("autumn-1", "autumn-1", "autumn-2")
    )

    assert first == again != other
    assert len(set(first)) == 10
    assert set(first) <= {str(child) for child in everybody}


def test_without_a_seed_the_sheet_is_repeatable_and_not_the_first_ten(past: Bygone):
    everybody = answered_for(past, 25)
    past.write()

    report, again = (drawn(past, "R30", staff="t-101") for _ in range(2))

    assert report.data["seed"] == f"t-101-{report.stamp.cut.position}"
    assert report.data["sample"] == again.data["sample"]
    assert set(report.data["sample"]) != {str(child) for child in sorted(everybody, key=str)[:10]}


def test_only_children_she_answers_for_at_the_cut_are_asked_about(past: Bygone):
    mine, paired, gone, closed = answered_for(past, 4)
    [others] = answered_for(past, 1, staff="t-102")
    past.told(others, "pairing", DAY, pairing_kind="teacher", mentor="t-101")
    past.told(gone, "worker", "2025-10-01", role="class_teacher", staff="t-102")
    past.told(closed, "closure", "2025-10-01", reason="parent_returned")
    past.write()

    report = drawn(past, "R30", staff="t-101")

    assert set(report.data["sample"]) == {str(child) for child in (mine, paired, others)}


def test_somebody_who_answers_for_nobody_and_a_seed_that_is_none_are_refused(past: Bygone):
    answered_for(past, 1)
    past.write()

    with pytest.raises(NobodyAnsweredFor):
        drawn(past, "R30", staff="d-201")
    with pytest.raises(WrongValue):
        drawn(past, "R30", staff="t-101", seed="13800138000")
    with pytest.raises(ParameterMissing):
        drawn(past, "R30")


def test_it_is_read_out_in_chinese(past: Bygone, tmp_path: Path):
    [child] = answered_for(past, 1)
    past.told(child, "guardian", DAY, guardian_type="grandparent", name="禾某",
              relation="paternal_grandmother", phone="13800000000")  # fmt: skip
    past.told(child, "medical_history", DAY, told_by="guardian")
    past.told(child, "grant", DAY, scheme="donation", amount_fen=9_000, rhythm="once",
              payer="lottery_fund", starts_on=DAY)  # fmt: skip
    past.write()

    report = drawn(past, "R30", staff="t-101")
    render(report, "csv", "zh", tmp_path / "sheet.csv")

    told = (tmp_path / "sheet.csv").read_text("utf-8-sig")
    assert not re.findall("grade|guardian|worries|filed|on_file|_", re.sub("t-101.*", "", told))
    for words in ("一口清抽问单", "禾某", "祖母", "儿童所忧与下一步", "无记载", "90.00"):
        assert words in told, words


def test_only_offices_draw_it():
    assert definition("R30").roles == OFFICES
    assert definition("R30").case_level
