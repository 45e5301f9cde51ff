"""What a member of staff owes by number: each week a talk with so many different children."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.casefile.domain.cadence.known import Known
from services.casefile.domain.cadence.obligation import declaration_id
from services.casefile.domain.cadence.policy import Applies
from services.casefile.domain.cadence.quota import Ledger, Quota
from services.casefile.domain.cadence.rounds import schedule_of
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.cadence.shapes import CalendarShape
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author
from services.casefile.domain.families.contact import TalkHeld
from services.casefile.domain.families.correction import EntryAnnulled, EntryCorrected
from services.casefile.domain.families.obligation import QuotaMissed
from services.casefile.domain.families.rulebook import PolicyAdopted
from services.casefile.domain.families.staff import StaffLeft, StaffMoved, StaffRegistered
from services.casefile.domain.stream_ids import RULEBOOK, staff_stream
from tests.casefile.domain.cadence.telling import (
    Log,
    Tree,
    a_policy,
    a_rule,
    an_opening,
    moment,
)

WEEK = "2026-W38"  # Monday 14 to Sunday 20 September; closes after seven days more
BEFORE_CLOSE, CLOSED = "2026-09-27T23:59", "2026-09-28T00:00"
ME = staff_stream("t-101")
OTHER = Author("t-102", "class_teacher", "class-31")


class School:
    """One teacher, her children, and the policy that asks for three of them a week."""

    def __init__(
        self, since: str = "2020-09-01", policy: dict[str, Any] | None = None, **rule: Any
    ):
        default: dict[str, Any] = {"subject": "worker", "distinct_children": 3}
        default |= {"shape": CalendarShape(every="iso_week")}
        self.policy = a_policy(a_rule(**(default | rule)), **(policy or {}))
        self.rules = Log(RULEBOOK)
        self.rules.tell(PolicyAdopted(document=self.policy), "2026-08-20")
        self.me = Log(ME)
        self.me.tell(
            StaffRegistered(
                staff="t-101",
                role="class_teacher",
                unit="class-31",
                starts_on=date.fromisoformat(since),
            ),
            "2026-08-20",
        )
        self.children: list[Log] = []

    def child(self, **fields: Any) -> Log:
        child = Log(UUID(int=len(self.children) + 1))
        child.tell(an_opening(**fields), "2026-09-01")
        self.children.append(child)
        return child

    def talks(self, *days: str, **more: Any) -> list[UUID]:
        """A talk with another child on each of these days."""
        return [self.child().tell(TalkHeld(), day, **more) for day in days]

    def ledger(self, now: str, key: str = WEEK) -> Ledger:
        rulebook = Rulebook.of(self.rules.entries, Tree())
        [ruling] = rulebook.rulings
        windows = [each.window for each in schedule_of(rulebook, ruling, date(2026, 12, 31))]
        [window] = [each for each in windows if each.key == key]
        self._number()
        return Ledger(ME, Known(self.me.entries), ruling, window, moment(now))

    def judged(self, now: str = CLOSED, key: str = WEEK) -> Quota | None:
        self._number()
        children = {child.id: Known(child.entries) for child in self.children}
        return self.ledger(now, key).judged(Tree(), children)

    def sweep(self, now: str, at: str | None = None) -> list[QuotaMissed]:
        ledger, quota = self.ledger(now), self.judged(now)
        assert quota is not None
        declared = ledger.declaration(quota)
        if declared is None:
            return []
        record, day = declared.record, declared.occurred_on.isoformat()
        self.me.tell(record, day, moment(at or now), record_id=declared.record_id)
        assert isinstance(record, QuotaMissed)
        return [record]

    def _number(self) -> None:
        """Positions in the order in which everything was recorded."""
        logs = [self.me, *self.children]
        every = sorted(entries_of(logs), key=lambda entry: entry.recorded_at)
        places = {id(entry): place for place, entry in enumerate(every, start=1)}
        for log in logs:
            log.entries = [msgspec.structs.replace(e, position=places[id(e)]) for e in log.entries]


def entries_of(logs: Iterable[Log]) -> list[Entry]:
    return [entry for log in logs for entry in log.entries]


def outcome(school: School, now: str = CLOSED) -> str:
    quota = school.judged(now)
    assert quota is not None
    return quota.outcome


def test_three_different_children_in_a_week_are_enough():
    school = School()
    school.talks("2026-09-14", "2026-09-16", "2026-09-20")

    quota = school.judged()

    assert quota is not None
    assert (quota.outcome, quota.wanted, quota.unit) == ("fulfilled", 3, "class-31")
    assert quota.children == tuple(child.id for child in school.children)


def test_the_same_child_three_times_is_one_child():
    school = School()
    child = school.child()
    for day in ("2026-09-14", "2026-09-15", "2026-09-16"):
        child.tell(TalkHeld(), day)

    assert outcome(school) == "missed"


@pytest.mark.parametrize("day", ["2026-09-13", "2026-09-21"])
def test_a_talk_in_another_week_does_not_count(day: str):
    school = School()
    school.talks("2026-09-14", "2026-09-16", day)

    assert outcome(school) == "missed"


def test_what_somebody_else_did_does_not_count():
    school = School()
    school.talks("2026-09-14", "2026-09-16")
    school.talks("2026-09-17", performed_by=OTHER)

    assert outcome(school) == "missed"


def test_a_week_is_open_until_it_closes():
    school = School()
    school.talks("2026-09-14")

    assert [outcome(school, now) for now in (BEFORE_CLOSE, CLOSED)] == ["open", "missed"]


def test_a_miss_is_dated_by_the_close_and_says_how_many_there_were():
    school = School()
    school.talks("2026-09-14")

    [missed] = school.sweep("2026-11-01")

    assert (missed.least, missed.counted, missed.closed_on) == (3, 1, date(2026, 9, 27))
    assert (missed.accountable, missed.unit, missed.window) == ("t-101", "class-31", WEEK)
    declared = school.me.entries[-1]
    assert declared.record_id == declaration_id(ME, "missed", "school", 1, "talk", WEEK)
    assert declared.occurred_on == date(2026, 9, 27)


def test_a_miss_is_declared_once():
    school = School()

    assert [len(school.sweep(CLOSED)), len(school.sweep("2026-10-05"))] == [1, 0]


def test_what_was_entered_after_the_close_changes_nothing():
    school = School()
    school.talks("2026-09-14", "2026-09-15")
    school.talks("2026-09-16", at="2026-09-28T00:01")

    assert outcome(school, "2026-10-05") == "missed"


def test_a_sweep_that_comes_late_says_the_same():
    late, prompt = School(), School()
    for school in (late, prompt):
        school.talks("2026-09-14")
    said = prompt.sweep(CLOSED)
    for school in (late, prompt):
        school.talks("2026-09-15", "2026-09-16", at="2026-10-01")

    assert late.sweep("2026-11-01") == said
    assert outcome(prompt, "2026-11-01") == "missed"


def test_in_a_rehearsal_what_came_after_the_miss_was_not_known_when_it_was_told():
    school = School()
    school.sweep(CLOSED, at="2026-09-22")
    school.talks("2026-09-14", "2026-09-15", "2026-09-16", at="2026-09-23")

    quota = school.judged("2026-09-24")

    assert quota is not None
    assert (quota.outcome, quota.children) == ("missed", ())


def test_a_talk_corrected_into_the_week_counts_if_that_was_known_at_the_close():
    def corrected(at: str) -> str:
        school = School()
        school.talks("2026-09-14", "2026-09-15")
        child = school.child()
        target = child.tell(TalkHeld(), "2026-09-12")
        rec = EntryCorrected(
            target=target, of="talk", changes={"occurred_on": "2026-09-16"}, reason="核对"
        )
        child.tell(rec, at[:10], at)
        return outcome(school, "2026-11-01")

    assert [corrected("2026-09-26"), corrected("2026-09-28")] == ["fulfilled", "missed"]


def test_a_talk_annulled_before_the_close_does_not_count_and_after_it_does():
    def annulled(at: str) -> str:
        school = School()
        school.talks("2026-09-14", "2026-09-15")
        child = school.child()
        target = child.tell(TalkHeld(), "2026-09-16")
        rec = EntryAnnulled(target=target, of="talk", ground="did_not_happen", reason="记错")
        child.tell(rec, at[:10], at)
        return outcome(school, "2026-11-01")

    assert [annulled("2026-09-26"), annulled("2026-09-28")] == ["missed", "fulfilled"]


def test_who_never_held_the_post_owes_nothing():
    assert School(role="child_director").judged() is None


def test_who_came_after_two_thirds_of_the_week_owes_nothing():
    outcomes = [School(since=day).judged() for day in ("2026-09-18", "2026-09-19")]

    assert [(each.outcome, each.why) for each in outcomes if each] == [
        ("missed", None),
        ("not_due", "began_late"),
    ]


def test_who_left_before_the_last_day_owes_nothing():
    school = School()
    left = StaffLeft(last_day=date(2026, 9, 19), reason="retired")
    school.me.tell(left, "2026-09-15")

    quota = school.judged()

    assert quota is not None
    assert (quota.outcome, quota.why) == ("not_due", "ended_early")


def test_that_she_left_is_not_known_at_the_close_if_it_was_entered_later():
    school = School()
    school.me.tell(
        StaffLeft(last_day=date(2026, 9, 19), reason="retired"), "2026-09-15", "2026-09-29"
    )

    assert outcome(school, "2026-11-01") == "missed"


def test_a_policy_of_one_school_asks_nothing_of_another():
    school = School(policy={"unit": "school-1"})
    assert outcome(school) == "missed"

    moved = StaffMoved(role="class_teacher", unit="class-99", starts_on=date(2026, 9, 1))
    school.me.tell(moved, "2026-09-01")

    assert school.judged() is None


def test_only_children_the_rule_is_for_count():
    school = School(applies=Applies(population=("left_behind",)))
    school.talks("2026-09-14", "2026-09-15")
    school.child(population="in_difficulty").tell(TalkHeld(), "2026-09-16")

    assert outcome(school) == "missed"


def test_a_contact_that_lacks_what_is_required_does_not_count():
    school = School(requires={"place": "home"}, distinct_children=1)
    school.talks("2026-09-14")
    assert outcome(school) == "missed"

    school.child().tell(TalkHeld(place="home"), "2026-09-15")

    assert outcome(school) == "fulfilled"
