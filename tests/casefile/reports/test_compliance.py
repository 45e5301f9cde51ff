"""R2 and R3: what was owed and done, what was missed; each number with what it is a part of."""

from datetime import date

import pytest

from services.casefile.domain.refusals import EndBeforeStart, UnitNotFound
from services.casefile.history.pinning import CutAhead
from services.casefile.reports.asking import (
    NoChildInScope,
    ParameterUnknown,
    ReportNotFound,
    WrongValue,
)
from services.casefile.reports.report import Share
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import AUTUMN, drawn, row, rows
from tests.casefile.rulebooks.policies import policy, rule


@pytest.fixture
def autumn(past: Bygone) -> Bygone:
    """Monthly talks from September on: one child talked with, one not, one late."""
    past.adopted(policy(effective_from=date(2025, 9, 1), rules=(rule(),)), "2025-08-01")
    for _ in range(3):
        past.children.append(past.opened("2025-08-20"))
    kept, _, late = past.children
    for day in ("2025-09-10", "2025-10-10", "2025-11-10"):
        past.told(kept, "talk", day, lag=1, mood="calm")
    past.told(late, "talk", "2025-09-20", lag=2)
    past.told(late, "talk", "2025-10-20", lag=2)
    past.write()
    past.on("2025-12-20")
    past.declare(*past.children)
    past.on("2025-12-25")
    past.record(late, "talk", "2025-11-12", mood="low")
    past.declare(late)
    return past


def test_what_was_kept_is_so_many_of_so_many(autumn: Bygone):
    report = drawn(autumn, "R2", unit="county-1", **AUTUMN)

    found = row(report, "rules", rule="talk.class_teacher")
    assert (found["kept"], found["kept_in_time"]) == (Share(5, 9), Share(5, 9))
    assert (found["missed"], found["made_good"]) == (3, 1)
    assert report.stamp.children == 3
    assert report.stamp.policies == (("school-default", 1),)


def test_it_is_counted_by_the_units_below_the_scope(autumn: Bygone):
    by_town = drawn(autumn, "R2", unit="county-1", **AUTUMN)
    by_class = drawn(autumn, "R2", unit="school-1", **AUTUMN)

    assert [each["branch"] for each in rows(by_town, "units")] == ["town-1"]
    assert [each["branch"] for each in rows(by_class, "units")] == ["class-31"]


def test_at_a_grade_of_evidence_only_what_has_it_counts_as_kept(autumn: Bygone):
    claimed = drawn(autumn, "R2", unit="county-1", grade="claimed", **AUTUMN)
    attached = drawn(autumn, "R2", unit="county-1", grade="attachment", **AUTUMN)

    assert row(claimed, "rules", rule="talk.class_teacher")["kept"] == Share(5, 9)
    assert row(attached, "rules", rule="talk.class_teacher")["kept"] == Share(0, 9)
    with pytest.raises(WrongValue):
        drawn(autumn, "R2", unit="county-1", grade="certain", **AUTUMN)


def test_a_window_is_kept_by_whichever_of_its_records_has_the_grade(past: Bygone):
    past.adopted(policy(effective_from=date(2025, 9, 1), rules=(rule(),)), "2025-08-01")
    child = past.opened("2025-08-20")
    past.told(child, "talk", "2025-09-10", lag=1, mood="calm")
    past.told(child, "talk", "2025-09-20", lag=1, note="说想妈妈。")
    past.write()
    past.on("2025-12-25")

    report = drawn(past, "R2", unit="county-1", grade="described", **AUTUMN)

    assert row(report, "rules", rule="talk.class_teacher")["kept"].part == 1


def test_a_miss_that_was_made_good_is_listed_as_both(autumn: Bygone):
    report = drawn(autumn, "R3", unit="county-1", **AUTUMN)

    late = row(report, "misses", outcome="late")
    assert (late["window"], late["done_on"], late["lag"]) == ("2025-11", date(2025, 11, 12), 43)
    assert row(report, "made_good", obligor="staff")["late"] == Share(1, 4)
    assert len([each for each in rows(report, "misses") if each["outcome"] == "missed"]) == 3


def test_before_it_was_entered_the_report_did_not_know_of_it(autumn: Bygone):
    known_at = autumn.on("2025-12-21")

    report = drawn(autumn, "R3", unit="county-1", known_at=known_at, **AUTUMN)

    assert {each["outcome"] for each in rows(report, "misses")} == {"missed"}


def test_what_cannot_be_asked_is_refused(autumn: Bygone):
    with pytest.raises(UnitNotFound):
        drawn(autumn, "R2", unit="nowhere")
    with pytest.raises(NoChildInScope):
        drawn(autumn, "R2", unit="school-2")
    with pytest.raises(NoChildInScope):
        drawn(autumn, "R2", unit="county-1", as_of=date(2025, 8, 19))
    with pytest.raises(CutAhead):
        drawn(autumn, "R2", unit="county-1", as_of=date(2999, 1, 1))
    with pytest.raises(CutAhead):
        drawn(autumn, "R2", unit="county-1", until=date(2999, 1, 1))
    with pytest.raises(EndBeforeStart):
        drawn(autumn, "R2", unit="county-1", since=date(2025, 10, 1), until=date(2025, 9, 1))
    with pytest.raises(ParameterUnknown):
        drawn(autumn, "R7", unit="county-1", staff="t-101")
    with pytest.raises(ReportNotFound):
        drawn(autumn, "R99", unit="county-1")
