"""Who owed a contact on every day: no day without an answer, none with two."""

from datetime import date

from services.casefile.domain.cadence.days import end_of
from services.casefile.domain.cadence.obligation import Answerable, Obligation
from services.casefile.domain.cadence.window import Window
from services.casefile.history.accountability import OwedBy, owed_by
from tests.casefile.domain.scenario import STREAM

AUTUMN = date(2026, 9, 1), date(2026, 11, 30)


def answers(staff: str | None, since: str, until: str) -> Answerable:
    days = date.fromisoformat(since), date.fromisoformat(until)
    return Answerable(*days, staff, "class_teacher", "class-31")


def month(number: int, *answerable: Answerable) -> Obligation:
    first = date(2026, number, 1)
    last = date(2026, number, 31 if number == 10 else 30)
    key = f"2026-{number:02}"
    window = Window(key, first, last, last, end_of(last), end_of(last), 30)
    return Obligation(
        subject=STREAM, policy="school", version=1, rule="talk", obligor="staff",
        role="class_teacher", window=window, outcome="open", least=1, answerable=answerable,
    )  # fmt: skip


def told(spans: list[OwedBy]) -> list[tuple[str, str, bool, str | None]]:
    return [(s.since.isoformat(), s.until.isoformat(), s.owed, s.staff) for s in spans]


def test_windows_of_one_person_are_one_span():
    owed = [
        month(9, answers("t-101", "2026-09-01", "2026-09-30")),
        month(10, answers("t-101", "2026-10-01", "2026-10-31")),
    ]

    [september, november] = owed_by(owed, *AUTUMN)

    assert told([september]) == [("2026-09-01", "2026-10-31", True, "t-101")]
    assert september.windows == ("2026-09", "2026-10")
    assert told([november]) == [("2026-11-01", "2026-11-30", False, None)]


def test_a_hand_over_in_the_middle_of_a_window_divides_it():
    handed_over = [
        answers("t-101", "2026-09-01", "2026-09-14"),
        answers("t-102", "2026-09-15", "2026-09-30"),
    ]

    spans = owed_by([month(9, *handed_over)], date(2026, 9, 1), date(2026, 9, 30))

    assert told(list(spans)) == [
        ("2026-09-01", "2026-09-14", True, "t-101"),
        ("2026-09-15", "2026-09-30", True, "t-102"),
    ]


def test_an_empty_post_is_owed_by_nobody_which_is_not_the_same_as_nothing_owed():
    spans = owed_by([month(9, answers(None, "2026-09-01", "2026-09-30"))], *AUTUMN)

    assert told(list(spans)) == [
        ("2026-09-01", "2026-09-30", True, None),
        ("2026-10-01", "2026-11-30", False, None),
    ]


def test_the_days_asked_about_are_the_first_and_the_last():
    owed = [month(10, answers("t-101", "2026-10-01", "2026-10-31"))]

    spans = list(owed_by(owed, date(2026, 10, 10), date(2026, 10, 12)))

    assert told(spans) == [("2026-10-10", "2026-10-12", True, "t-101")]


def test_where_no_rule_asked_for_anything_one_span_says_so():
    assert told(list(owed_by([], *AUTUMN))) == [("2026-09-01", "2026-11-30", False, None)]
