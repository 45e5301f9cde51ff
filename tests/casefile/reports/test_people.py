"""R4, R5, R10 to R13, R17: what people did, when they wrote it down, and what it counts for."""

from datetime import date

import pytest

from services.casefile.domain.stream_ids import staff_stream, unit_stream
from services.casefile.reports.appraisal import hash_of, tables
from services.casefile.reports.formulas import formula_named, formulas
from services.casefile.reports.report import Share
from tests.casefile.history.bygone import Bygone, noon
from tests.casefile.reports.drawn import AUTUMN, drawn, row, rows, table
from tests.casefile.rulebooks.past import OTHER

TERM = {"since": date(2025, 9, 1), "until": date(2025, 12, 31)}


def test_lags_are_counted_by_who_wrote_it_down(past: Bygone):
    child = past.opened("2025-09-01")
    for lag in (0, 2, 6, 20, 90):
        past.told(child, "talk", "2025-09-10", lag=lag, worker=OTHER)
    past.write()

    report = drawn(past, "R4", unit="county-1", **TERM)

    found = row(report, "people", staff="t-102")
    counts = [found[n] for n in ("records", "same_day", "to_3", "to_7", "to_30", "later")]
    assert counts == [5, 1, 1, 1, 1, 1]
    assert (found["in_time"], found["middle"]) == (Share(3, 5), 6)
    assert row(report, "kinds", kind="talk")["records"] == 5


def test_what_was_entered_just_before_the_last_day_about_old_days_stands_out(past: Bygone):
    child = past.opened("2025-09-01")
    past.told(child, "talk", "2025-09-10", lag=90)
    past.told(child, "talk", "2025-12-05", lag=1)
    past.told(child, "talk", "2025-09-10", lag=40)
    past.write()

    report = drawn(past, "R4", unit="county-1", since=date(2025, 9, 2), until=date(2025, 12, 10))

    assert row(report, "kinds", kind="talk")["burst"] == Share(1, 3)


def test_changes_since_a_moment_are_added_back_filled_corrected_and_annulled(past: Bygone):
    child = past.opened("2025-09-01")
    wrong = past.told(child, "talk", "2025-09-10", mood="low")
    gone = past.told(child, "talk", "2025-09-11")
    past.write()
    past.on("2025-11-20")
    past.record(child, "talk", "2025-09-12", mood="calm")
    past.record(child, "talk", "2025-11-19", mood="calm")
    past.correct(child, wrong, mood="calm")
    past.annul(child, gone)

    report = drawn(past, "R5", unit="county-1", known_from=noon("2025-10-01"))

    changes = {each["change"]: each["records"] for each in rows(report, "changes")}
    assert changes == {"added": 1, "back_filled": 1, "corrected": 1, "annulled": 1}
    back = row(report, "records", change="back_filled")
    assert (back["case"], back["occurred_on"], back["lag"]) == (child, date(2025, 9, 12), 69)


def test_amendments_name_who_made_them_and_who_wrote_first(past: Bygone):
    child = past.opened("2025-09-01")
    wrong = past.told(child, "talk", "2025-09-10", worker=OTHER, mood="low")
    past.write()
    past.on("2025-11-20")
    past.correct(child, wrong, mood="calm")

    report = drawn(past, "R11", unit="county-1", **AUTUMN)

    found = row(report, "amendments", kind="correction")
    assert (found["staff"], found["first_by"], found["fields"]) == ("t-101", "t-102", "mood")
    assert row(report, "people", staff="t-101")["records"] == 1


def test_pairing_covers_so_many_of_so_many_and_shows_who_has_too_many(past: Bygone):
    children = [past.opened("2025-09-01") for _ in range(5)]
    for child in children[:4]:
        past.told(child, "pairing", "2025-09-02", pairing_kind="teacher", mentor="t-101")
    past.told(children[0], "priority", "2025-09-02", criteria=["poverty"], supporter="t-101")
    past.write()

    report = drawn(past, "R10", unit="county-1")

    unit = row(report, "units", branch="town-1")
    assert (unit["paired"], unit["priority"]) == (Share(4, 5), Share(1, 1))
    mentor = row(report, "mentors", staff="t-101")
    assert (mentor["children"], mentor["most"], mentor["state"]) == (4, 3, "too_many")


def test_an_appointment_says_how_many_children_are_the_most(past: Bygone):
    past.told(
        staff_stream("t-101"), "mentor_appointment", "2025-09-01",
        mentor_kind="teacher", starts_on="2025-09-01", max_children=5,
    )  # fmt: skip
    for _ in range(4):
        child = past.opened("2025-09-01")
        past.told(child, "pairing", "2025-09-02", pairing_kind="teacher", mentor="t-101")
    past.write()

    mentor = row(drawn(past, "R10", unit="county-1"), "mentors", staff="t-101")

    assert (mentor["most"], mentor["state"]) == (5, "within_bounds")


def ranked(past: Bygone, before: int, after: int, **more: str) -> None:
    """A child whose year began at one rank of the class and ended at another."""
    child = past.opened("2024-09-01")
    for term, day, rank in (
        ("2024-2025-1", "2025-01-15", before),
        ("2024-2025-2", "2025-06-30", after),
    ):
        past.told(child, "academic_result", day, term=term, rank=rank, cohort_size=49)
    past.told(child, "pairing", "2024-09-02", pairing_kind="teacher", mentor="t-101")
    if "title" in more:
        past.told(child, "award", "2025-06-01", award="three_good_pupil", awarded_by="school")
    if "breach" in more:
        past.told(
            child, "discipline", "2025-03-01", breach="fighting", severity="serious",
            measure="warning",
        )  # fmt: skip


YEAR = {"since": date(2024, 9, 1), "until": date(2025, 7, 31), "as_of": date(2025, 7, 31)}


def test_the_formula_of_the_work_plan_is_reckoned_to_the_point(past: Bygone):
    """+10 a rank, +10 for staying among the first five, +20 for no breach, +10 for the title."""
    ranked(past, 12, 6)
    ranked(past, 3, 2, title="yes")
    ranked(past, 8, 20, breach="yes")
    past.write()

    report = drawn(past, "R13", unit="county-1", **YEAR)

    points = sorted(each["points"] for each in rows(report, "children"))
    assert points == [0, 10 + 10 + 20 + 10, 60 + 20]
    assert row(report, "people", staff="t-101")["points"] == str(0 + 80 + 50)
    assert row(report, "people", staff="t-101")["yuan"] == "130"
    assert row(report, "classes", class_unit="class-31")["points"] == "43.33"
    awards = sorted((each["award"], each["yuan"]) for each in rows(report, "awards"))
    assert awards == [("places_two_to_five", 30), ("progress", 15)]


def test_the_first_term_is_the_base_only_where_there_is_no_year_before(past: Bygone):
    child = past.opened("2023-09-01")
    for term, day, rank in (
        ("2023-2024-2", "2024-06-30", 10),
        ("2024-2025-1", "2025-01-15", 30),
        ("2024-2025-2", "2025-06-30", 8),
    ):
        past.told(child, "academic_result", day, term=term, rank=rank, cohort_size=49)
    past.write()

    [found] = rows(drawn(past, "R13", unit="county-1", **YEAR), "children")

    assert (found["rank_before"], found["rank_after"], found["points"]) == (10, 8, 20 + 20)


@pytest.mark.parametrize("code", ["s1-29", "duty-kept", "process-and-outcome", "teacher-ethics"])
def test_the_frozen_inputs_give_the_same_result_without_the_log(past: Bygone, code: str):
    ranked(past, 12, 6)
    ranked(past, 3, 2, title="yes")
    past.write()
    report = drawn(past, "R13", unit="county-1", formula=code, **YEAR)
    from msgspec import convert

    from services.casefile.reports.appraisal_inputs import Inputs

    frozen = convert(report.data["inputs"], list[Inputs], strict=False)

    again = {each.name: list(map(list, each.rows)) for each in tables(formula_named(code), frozen)}

    assert hash_of(frozen) == report.data["inputs_sha256"]
    assert again == {each.name: list(map(list, each.rows)) for each in report.tables}
    assert report.data["formula"]["code"] == code


def test_four_formulas_are_shipped_and_each_says_where_it_comes_from():
    assert set(formulas()) == {"s1-29", "duty-kept", "process-and-outcome", "teacher-ethics"}
    assert all(formula.source and formula.version == 1 for formula in formulas().values())


def test_a_plan_is_shown_with_what_was_done_of_it_by_month(past: Bygone):
    school = unit_stream("school-1")
    for task, outcome in (("survey", "done"), ("forum", "not_done"), ("visits", "done")):
        past.told(
            school, "work_plan_item", "2025-09-28", plan="autumn", task=task, month="2025-09",
            outcome=outcome,
        )  # fmt: skip
    past.told(
        school, "work_plan_item", "2025-10-10", plan="autumn", task="forum", month="2025-09",
        outcome="partly_done",
    )  # fmt: skip
    past.told(school, "leading_group_meeting", "2025-09-05", present=["t-101"])
    past.write()

    report = drawn(past, "R17", unit="town-1", **AUTUMN)

    month = row(report, "months", unit="school-1", month="2025-09")
    assert (month["done"], month["partly"], month["not_done"]) == (Share(2, 3), 1, 0)
    assert row(report, "work", kind="leading_group_meeting")["records"] == 1
    assert table(report, "duties").rows == []
