"""A finding from its message to what is told: through the state the service has, and stopped by an answer."""

import pytest

from services.notifications.consuming.ports import Reactions
from services.notifications.directory.reacting import TYPES, Reacting
from services.notifications.policy.reading import default_ladder
from tests.notifications.given import assigned, child, message
from tests.notifications.taking import Reader

INSPECTION = child(80)
FINDING = "018f0000-0000-7000-8000-00000000f001"
NOTICES = "SELECT kind, staff, state, case_id FROM notifications.notices ORDER BY kind, not_before"


@pytest.fixture
def told(reader: Reader) -> Reader:
    """A child with a teacher, and a finding about her file; the reader's now is 2026-11-20."""
    reader.reactions = Reactions(types=TYPES, react=Reacting(default_ladder()))
    reader.take(assigned(1, "t-7"))
    reader.take(raised())
    return reader


def raised():
    author = {"staff": "i-1", "role": "inspector", "unit": "county"}
    return message(
        1, "casefile.finding-raised.v1", of=INSPECTION, stream="inspection", record_id=FINDING,
        performed_by=author, finding_code="copied", severity="serious", reply_by="2026-12-01",
        deadline="2026-12-15", case=child(), record=None, worker=None, unit=None,
    )  # fmt: skip


def test_those_who_care_for_the_child_hear_of_a_finding_about_her_file(told: Reader):
    found = told.connection.execute(NOTICES).fetchall()

    assert [row[:3] for row in found] == [
        ("finding", "t-7", "waiting"),
        ("finding_due", "t-7", "waiting"),
        ("finding_due", "t-7", "waiting"),
    ]
    assert {row[3] for row in found} == {child()}


def test_a_finding_read_again_tells_nobody_again(told: Reader):
    told.take(raised())

    assert len(told.connection.execute(NOTICES).fetchall()) == 3


@pytest.mark.parametrize(
    ("kind", "left"), [("explanation-given", 1), ("rectification-recorded", 0)]
)
def test_an_answer_stops_the_reminders_in_their_table(told: Reader, kind: str, left: int):
    name = f"casefile.{kind}.v1"
    told.take(message(2, name, of=INSPECTION, stream="inspection", finding=FINDING))

    states = [row[:3] for row in told.connection.execute(NOTICES)]
    assert states.count(("finding_due", "t-7", "waiting")) == left
    assert ("finding", "t-7", "waiting") in states
