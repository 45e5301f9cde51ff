"""Sessions with many children."""

from uuid import UUID

import pytest

from services.casefile.domain.families.group import GroupSessionAttended, GroupSessionHeld
from services.casefile.domain.refusals import AlreadyOnFile, Implausible
from tests.casefile.domain.scenario import opened, scenario

FIRST, SECOND = UUID(int=1), UUID(int=2)


def session(**fields) -> GroupSessionHeld:
    return GroupSessionHeld(
        **({"session_kind": "forum", "unit": "school-1", "present": (FIRST,)} | fields)
    )


def test_a_session_counts_who_came_and_who_did_not():
    group = scenario().record(session(absent=(SECOND,)))

    assert group.facts["present"] == 1
    assert group.facts["absent"] == 1
    assert group.facts["session"] == {"session_kind": "forum", "unit": "school-1"}


def test_a_session_is_held_once():
    group = scenario().given(session())

    with pytest.raises(AlreadyOnFile):
        group.record(session())


def test_guardians_may_meet_without_children():
    group = scenario().record(
        session(session_kind="guardian_meeting", present=(), guardians_present=12)
    )

    assert group.facts["present"] == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"present": ()},
        {"present": (FIRST, FIRST)},
        {"absent": (SECOND, SECOND)},
        {"absent": (FIRST,)},
        {"guardians_of": (FIRST,)},
        {"guardians_of": (FIRST, FIRST), "guardians_present": 2},
    ],
)
def test_attendance_that_cannot_be_is_refused(fields: dict):
    with pytest.raises(Implausible):
        scenario().record(session(**fields))


def test_a_child_who_was_there_is_credited():
    case = opened().record(GroupSessionAttended(session_kind="forum", session=UUID(int=9)))

    assert "last.group_attendance" in case.facts
