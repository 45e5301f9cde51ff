from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.policy.people import Person, hearer
from tests.notifications.policy.world import people

TODAY = date(2026, 11, 18)
AWAY = {"absent_from": TODAY}


def test_somebody_who_is_there_or_unknown_hears_for_themselves():
    known = people(Person(staff="a", absent_from=date(2026, 11, 19), stand_in="b"))
    assert hearer("a", known, TODAY) == "a"
    assert hearer("x", known, TODAY) == "x"


@pytest.mark.parametrize(
    ("absence", "expected"),
    [(("2026-11-18", None), "b"), (("2026-11-10", "2026-11-17"), "a"), (("2026-11-10", "2026-11-18"), "b")],
)  # fmt: skip
def test_an_absence_has_a_first_and_perhaps_a_last_day(absence, expected):
    since, until = (date.fromisoformat(d) if d else None for d in absence)
    person = Person(staff="a", absent_from=since, absent_until=until, stand_in="b")
    assert hearer("a", people(person), TODAY) == expected


def test_nobody_of_the_hidden_stands_in():
    known = people(Person(staff="a", **AWAY, stand_in="bad"))
    assert hearer("a", known, TODAY, {"bad"}) == "a"
    assert hearer("bad", known, TODAY, {"bad"}) is None


NAMES = st.sampled_from("abcde")


@settings(deadline=None)
@given(
    st.dictionaries(NAMES, st.tuples(st.booleans(), st.none() | NAMES)),
    NAMES,
    st.sets(NAMES),
)
def test_standing_in_ends_and_never_with_somebody_hidden(county, staff, hidden):
    known = {
        name: Person(staff=name, absent_from=TODAY if away else None, stand_in=stand_in)
        for name, (away, stand_in) in county.items()
    }
    heard = hearer(staff, known, TODAY, hidden)
    assert heard not in hidden
    if staff not in hidden:
        assert heard is not None
