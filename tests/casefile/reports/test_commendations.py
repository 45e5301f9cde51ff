"""R32: who was honoured, with what, by whom and on which occasion."""

from datetime import date
from pathlib import Path
from typing import Any, get_args, get_type_hints

from services.casefile.domain.families.school import AwardReceived
from services.casefile.domain.stream_ids import staff_stream, unit_stream
from services.casefile.exporting.rendering import render
from services.casefile.labels import labels
from services.casefile.reports.report import Suppressed
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import OPERATOR, drawn, row, rows

JUNE = {"awarded_by": "county", "occasion": "childrens_day"}
DAY = "2025-06-01"
SPRING: dict[str, Any] = {"since": date(2025, 3, 1), "until": date(2025, 8, 31)}


def everybody_honoured(past: Bygone) -> None:
    child = past.opened("2024-09-01")
    past.told(child, "award", DAY, award="good_conduct", **JUNE)
    past.told(child, "guardian_commendation", DAY, whom="guardian", honour="excellent_guardian",
              **JUNE)  # fmt: skip
    past.told(child, "guardian_commendation", DAY, whom="mentor", honour="excellent_mentor",
              **JUNE)  # fmt: skip
    for staff, honour in (
        ("t-101", "excellent_class_teacher"),
        ("d-201", "excellent_child_director"),
        ("s-301", "caring_person"),
    ):
        past.told(staff_stream(staff), "commendation", DAY, honour=honour, **JUNE)
    past.told(unit_stream("class-31"), "unit_commendation", DAY, honour="advanced_class", **JUNE)
    past.told(unit_stream("school-1"), "unit_commendation", DAY, honour="advanced_unit", **JUNE)


def test_everybody_who_was_honoured_is_counted_by_who_they_are(past: Bygone):
    everybody_honoured(past)
    past.write()

    report = drawn(past, "R32", unit="county-1", **SPRING)

    counts = {each["whom"]: each["count"] for each in rows(report, "whom")}
    assert counts == dict.fromkeys(
        ("child", "teacher", "caring_person", "staff", "guardian", "mentor", "class", "unit"), 1
    )
    found = row(report, "honours", whom="teacher")
    assert (found["honour"], found["awarded_by"], found["occasion"], found["count"]) == (
        "excellent_class_teacher", "county", "childrens_day", 1,
    )  # fmt: skip


def test_only_the_days_asked_about_and_what_still_counts_are_counted(past: Bygone):
    child = past.opened("2024-09-01")
    past.told(child, "award", "2025-02-28", award="reading", awarded_by="school")
    wrong = past.told(child, "award", DAY, award="sport", awarded_by="school")
    past.told(child, "award", DAY, award="arts", awarded_by="school")
    past.write()
    past.on("2025-12-20")
    past.annul(child, wrong)

    report = drawn(past, "R32", unit="county-1", **SPRING)

    [found] = rows(report, "honours")
    assert (found["honour"], found["occasion"]) == ("arts", None)


def test_the_honours_of_a_unit_are_those_of_all_below_it(past: Bygone):
    everybody_honoured(past)
    past.told(unit_stream("school-2"), "unit_commendation", DAY, honour="other", **JUNE)
    past.write()

    report = drawn(past, "R32", unit="school-1", **SPRING)

    counts = {each["whom"]: each["count"] for each in rows(report, "whom")}
    assert (counts["class"], counts["unit"], counts["teacher"], counts["staff"]) == (1, 1, 1, 0)


def test_the_list_says_on_whose_file_each_one_stands(past: Bygone):
    everybody_honoured(past)
    past.write()

    report = drawn(past, "R32", unit="county-1", **SPRING)

    listed = rows(report, "list")
    whose = {each["whom"]: (each["case"], each["staff"], each["unit"]) for each in listed}
    [child] = {each["case"] for each in listed if each["case"] is not None}
    assert whose["child"] == whose["guardian"] == whose["mentor"] == (child, None, None)
    assert whose["teacher"] == (None, "t-101", None)
    assert whose["class"] == (None, None, "class-31")


def test_whoever_may_not_read_cases_sees_no_list_and_no_small_counts(past: Bygone):
    everybody_honoured(past)
    past.write()

    report = drawn(past, "R32", OPERATOR, unit="county-1", **SPRING)

    assert [each.name for each in report.tables] == ["whom", "honours"]
    assert {each["count"] for each in rows(report, "whom")} == {Suppressed(5)}


def test_it_is_read_out_in_chinese(past: Bygone, tmp_path: Path):
    everybody_honoured(past)
    past.write()

    render(drawn(past, "R32", unit="county-1", **SPRING), "csv", "zh", tmp_path / "honours.csv")

    told = (tmp_path / "honours.csv").read_text("utf-8-sig")
    for words in ("优秀班主任", "优秀监护人", "先进班", "爱心人士", "文明守纪", "县级", "六一"):
        assert words in told, words
    assert "caring_person" not in told


def test_the_honour_of_a_child_is_called_what_her_award_is_called():
    words = labels("zh")
    awards = get_args(get_type_hints(AwardReceived)["award"])

    called = [words.code("honour", award) for award in awards]

    assert called == [words.code("award", award) for award in awards]
