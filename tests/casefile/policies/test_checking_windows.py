"""Windows have a length, what is asked fits into them, and they come at all."""

import pytest

from services.casefile.domain.catalogue import catalogue
from services.casefile.policies.checking import check
from tests.casefile.policies.test_checking import AT, found, shaped
from tests.casefile.policies.written import read, with_line

NEVER = "By this shape no window ever comes to judgement."
NO_LENGTH = "The window has no length."
INCIDENT = "{shape: trigger, kind: incident"


@pytest.mark.parametrize(
    ("shape", "fault"),
    [
        (f"{INCIDENT}}}", (12, "rules[0].shape", NO_LENGTH)),
        (f"{INCIDENT}, within_days: 0}}", (58, "rules[0].shape.within_days", NO_LENGTH)),
        (f"{INCIDENT}, within_days: 3, within_hours: 24}}", (75, "rules[0].shape.within_hours", "The window has two lengths.")),
        (f"{INCIDENT}, raised: true, within_days: 3}}", (53, "rules[0].shape.raised", "incident has no level that could rise.")),
        (f"{INCIDENT}, when: {{severity: bad}}, within_days: 3}}", (62, "rules[0].shape.when.severity", "incident never has bad in severity.")),
        ("{shape: trigger, kind: annulment, within_days: 3}", (35, "rules[0].shape.kind", "annulment cannot start a window.")),
        ("{shape: trigger, kind: obligation_missed, within_days: 3}", (35, "rules[0].shape.kind", "obligation_missed cannot start a window.")),
        ("{shape: trigger, kind: hazard, within_days: 3}", (35, "rules[0].shape.kind", "hazard is not a record of a case.")),
        ("{shape: milestone, at: mid_term}", (12, "rules[0].shape", NO_LENGTH)),
        ("{shape: dated, by: [02-30]}", (32, "rules[0].shape.by[0]", "There is no such day.")),
        ("{shape: dated, by: [12-30, 04-31]}", (39, "rules[0].shape.by[1]", "There is no such day.")),
        ("{shape: dated, by: [2027-02-29]}", (32, "rules[0].shape.by[0]", "There is no such day.")),
        ("{shape: dated, by: [02-29]}", (32, "rules[0].shape.by[0]", "This day comes every four years only.")),
        ("{shape: dated, by: [12-30, 12-30]}", (39, "rules[0].shape.by[1]", "12-30 is named twice.")),
        ("{shape: dated, by: [2025-12-30, 2026-06-01]}", (12, "rules[0].shape", NEVER)),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_is_found(shape: str, fault: tuple[int, str, str]):
    assert found(shaped(shape)) == [(9, *fault)]


@pytest.mark.parametrize(
    ("shape", "more", "fault"),
    [
        ("{shape: interval, days: 15}", "terms_only: true", (AT, 17, "rules[0].terms_only", "`terms_only` does not hold for this shape.")),
        (f"{INCIDENT}, within_days: 3}}", "terms_only: true", (AT, 17, "rules[0].terms_only", "`terms_only` does not hold for this shape.")),
        (f"{INCIDENT}, within_hours: 24}}", "roll: next_working_day", (AT, 11, "rules[0].roll", "Hours run on through days off.")),
        (f"{INCIDENT}, within_hours: 24}}", "grace: {working_days: 1}", (AT, 27, "rules[0].grace.working_days", "Hours run on through days off.")),
        ("{shape: trigger, kind: talk, within_days: 3}", "", (10, 13, "rules[0].kinds[0]", "talk starts the window and would at once be its proof.")),
    ],
)  # fmt: skip
def test_what_does_not_go_with_a_shape_is_found(shape: str, more: str, fault):
    assert found(shaped(shape, more)) == [fault]


@pytest.mark.parametrize(
    "shape",
    [
        "{shape: milestone, at: term_end, after: 30}",  # one day of 31 lies in the term
        "{shape: dated, by: [08-10], open_days: 10}",  # in the summer holidays
        "{shape: dated, by: ['02-15'], open_days: 7}",  # in the winter holidays
    ],
)
def test_windows_that_lie_outside_all_terms_never_come(shape: str):
    assert found(shaped(shape)) == []
    assert found(shaped(shape, "terms_only: true")) == [(9, 12, "rules[0].shape", NEVER)]


@pytest.mark.parametrize(
    ("every", "least", "gap", "fits"),
    [
        ("iso_week", 3, 3, True),  # Monday, Thursday, Sunday
        ("iso_week", 3, 4, False),
        ("half_month", 2, 15, True),  # the 16th and the 31st
        ("half_month", 2, 16, False),
        ("month", 31, 1, True),
        ("month", 2, 31, False),
        ("year", 366, 1, True),
    ],
)
def test_so_many_with_such_a_gap_fit_into_the_longest_window_or_do_not(every, least, gap, fits):
    text = with_line(f"least: {least}\n    gap_days: {gap}").replace("month}", f"{every}}}")

    faults = check(read(text), catalogue())
    assert [(f.line, f.where) for f in faults] == ([] if fits else [(AT, "rules[0].least")])


@pytest.mark.parametrize(
    ("shape", "fits"),
    [
        ("{shape: interval, days: 15}", True),
        ("{shape: interval, days: 14}", False),
        ("{shape: trigger, kind: incident, within_days: 14}", True),
        ("{shape: trigger, kind: incident, within_days: 13}", False),
        ("{shape: trigger, kind: incident, within_hours: 24}", False),
        ("{shape: trigger, kind: incident, within_working_days: 10}", True),
    ],
)
def test_a_gap_of_fourteen_days_fits_into_fifteen(shape: str, fits: bool):
    faults = check(read(shaped(shape, "least: 2\n    gap_days: 14")), catalogue())

    assert [fault.where for fault in faults] == ([] if fits else ["rules[0].least"])


@pytest.mark.parametrize(
    "every",
    ["iso_week", "half_month", "month", "quarter", "term", "half_year", "school_year", "year"],
)
@pytest.mark.parametrize("more", ["", "terms_only: true"])
def test_every_calendar_window_comes(every: str, more: str):
    assert found(shaped(f"{{shape: calendar, every: {every}}}", more)) == []
