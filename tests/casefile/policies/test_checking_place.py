"""A policy is checked against the installation it is meant for: versions, calendar, children."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from services.casefile.domain.cadence.calendar import Calendar, Term, TermsLoaded
from services.casefile.domain.cadence.policy import Applies
from services.casefile.domain.catalogue import catalogue
from services.casefile.policies.checking import check
from tests.casefile.policies.written import LAST_LINE, SOUND, policy, read, told, with_line

AT = LAST_LINE + 1
IN_TERMS = with_line("terms_only: true")
AUTUMN = ("2026-2027-1", "2026-09-01", "2027-01-22")
SPRING = ("2026-2027-2", "2027-02-24", "2027-07-08")
NEXT = ("2027-2028-1", "2027-09-01", "2028-01-20")


def calendars(*terms: tuple[str, str, str], name: str = "default") -> dict[str, Calendar]:
    loaded = tuple(
        Term(code=code, starts_on=date.fromisoformat(a), ends_on=date.fromisoformat(b))
        for code, a, b in terms
    )
    return {"": Calendar(), name: Calendar(terms=[TermsLoaded(loaded, date(2026, 7, 1))])}


def found(text: str, **place: object) -> list[tuple[int, int, str, str]]:
    return [told(fault) for fault in check(read(text), catalogue(), **place)]


def version(number: int, since: date):
    return msgspec.structs.replace(policy(), version=number, effective_from=since)


def test_a_later_version_from_a_later_day_takes_over():
    assert found(SOUND, adopted=[]) == []
    text = SOUND.replace("version: 1", "version: 2")
    assert found(text, adopted=[version(1, date(2026, 8, 31))]) == []


def test_a_version_that_is_not_newer_is_found_and_told_what_is_next():
    [fault] = check(read(), catalogue(), adopted=[version(3, date(2025, 9, 1))])

    assert told(fault)[:3] == (2, 10, "version")
    assert fault.remedy == "Write version 4."


def test_a_version_that_begins_no_later_overlaps():
    text = SOUND.replace("version: 1", "version: 2")

    assert found(text, adopted=[version(1, date(2026, 9, 1))]) == [
        (4, 17, "effective_from", "Version 1 holds from 2026-09-01, and this one would not begin later.")
    ]  # fmt: skip


def test_other_policies_do_not_matter():
    other = msgspec.structs.replace(version(9, date(2027, 1, 1)), policy="other-school")

    assert found(SOUND, adopted=[other]) == []


def test_terms_are_needed_only_by_rules_that_ask_for_them():
    assert found(SOUND, calendars={"": Calendar()}) == []
    assert found(IN_TERMS, calendars={"": Calendar()}) == [
        (1, 1, "calendar", "There is no calendar default with terms.")
    ]


def test_a_calendar_that_is_named_has_to_be_there():
    text = SOUND + "calendar: town-1\n"

    assert found(text, calendars=calendars(AUTUMN, name="town-1")) == []
    assert found(text, calendars=calendars(AUTUMN)) == [
        (AT, 11, "calendar", "There is no calendar town-1 with terms.")
    ]


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ([AUTUMN, SPRING], None),
        ([SPRING], (4, 17, "effective_from", "The calendar begins 2027-02-24, after the policy.")),
        (
            [("2025-2026-2", "2026-02-24", "2026-07-08")],
            (4, 17, "effective_from", "The calendar has no term on 2026-09-01 or later."),
        ),
        (
            [AUTUMN, NEXT],
            (1, 1, "calendar", "The calendar has a hole between 2027-01-22 and 2027-09-01."),
        ),
    ],
)
def test_the_terms_cover_the_policy_without_a_hole(terms, fault):
    assert found(IN_TERMS, calendars=calendars(*terms)) == ([fault] if fault else [])


def test_windows_are_looked_for_in_the_terms_of_the_calendar():
    shape = "{shape: dated, by: [2027-02-20], open_days: 5}"
    text = IN_TERMS.replace("{shape: calendar, every: month}", shape)
    early = ("2026-2027-2", "2027-02-15", "2027-07-08")

    assert [f[2] for f in found(text, calendars=calendars(AUTUMN, SPRING))] == ["rules[0].shape"]
    assert found(text, calendars=calendars(AUTUMN, early)) == []


def on_the_roster(boarders: int, others: int) -> Callable[[Applies], int]:
    return lambda applies: boarders if applies.boarding else boarders + others


def test_a_rule_that_no_child_matches_is_found():
    text = with_line("applies: {boarding: [boarding]}")

    assert found(text, children=on_the_roster(1, 9)) == []
    assert found(text, children=on_the_roster(0, 9)) == [
        (AT, 14, "rules[0].applies", "No child on the roster is one that this rule is for.")
    ]


def test_an_empty_roster_says_nothing_about_a_rule():
    assert found(with_line("applies: {boarding: [boarding]}"), children=on_the_roster(0, 0)) == []
