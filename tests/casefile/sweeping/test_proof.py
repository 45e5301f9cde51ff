"""The standing proof finds whatever the log lacks, says twice, or says without a reason."""

from datetime import date

import msgspec

from services.casefile.application.declaring import declaration_commit
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.obligation import Declaration
from services.casefile.sweeping.clock import CONTEXT
from services.casefile.sweeping.founding import Offence
from tests.casefile.sweeping.lives import Told, at_ten, child_id, lives
from tests.casefile.sweeping.rehearsal import SIX, Rehearsal, policy, rule

BEGIN, END = date(2036, 3, 1), date(2036, 4, 15)
TALK = rule("talk.month", "talk", grace={"days": 3})
CLOSED = at_ten(date(2036, 4, 20))


def kept(march: Rehearsal, children: int = 3) -> None:
    """Some files, judged and declared until long after March was closed."""
    march.adopt(policy(TALK))
    march.tell(lives(children, BEGIN, BEGIN))
    march.tick(at_ten(date(2036, 4, 1)))
    march.tick(CLOSED)


def due_on(march: Rehearsal, number: int) -> list[Declaration]:
    """What the log owes of one child, as the judge sees it."""
    entries = march.parts.streams.entries(child_id(number))
    subject = Subject(child_id(number), "case", entries)
    return list(judge(subject, march.parts.rulebooks.fresh(), CLOSED).declarations)


def put(march: Rehearsal, number: int, said: list[Declaration]) -> None:
    """Append declarations, whatever the judge thinks of them."""
    version = len(march.parts.streams.entries(child_id(number)))
    march.parts.recorder.append(
        declaration_commit(march.parts.mapper, child_id(number), version, said)
    )


def test_it_holds_when_the_clock_has_done_its_work(march: Rehearsal) -> None:
    march.adopt(policy(*SIX))
    march.tell(lives(20, BEGIN, END))
    march.tick(at_ten(date(2036, 5, 1)))

    proof = march.prove()

    assert proof.holds
    assert proof.outcomes["missed"] > 20
    assert proof.outcomes["fulfilled"] > 20
    assert proof.declared.total() == len(march.declarations())
    assert proof.closed_until == date(2036, 4, 30)


def test_what_the_last_open_day_brought_is_not_asked_for_yet(march: Rehearsal) -> None:
    kept(march)
    weekly = rule("call.week", "family_call", "iso_week", entry_deadline_days=0)
    march.adopt(policy(weekly, policy="weekly", since="2036-04-14"))
    march.now = at_ten(date(2036, 4, 21))

    assert march.prove().holds


def test_a_declaration_that_is_absent_is_named(march: Rehearsal) -> None:
    march.adopt(policy(TALK))
    march.tell(lives(1, BEGIN, BEGIN))
    march.now = CLOSED
    march.parts.casefile.close_day(date(2036, 4, 19), CONTEXT)

    proof = march.prove()

    assert proof.breaches == {"absent": 2}
    assert offence("absent", 0, "obligation_missed") in proof.first


def test_an_open_day_of_the_clock_is_no_excuse_before_the_first(march: Rehearsal) -> None:
    march.adopt(policy(TALK))
    march.tell(lives(1, BEGIN, BEGIN))
    march.now = CLOSED

    assert march.prove().breaches == {"absent": 2}


def test_what_was_said_twice_is_named(march: Rehearsal) -> None:
    march.adopt(policy(TALK))
    march.tell(lives(1, BEGIN, BEGIN))
    march.now = CLOSED
    said = due_on(march, 0)

    put(march, 0, [*said, said[-1]])

    proof = march.prove()
    assert proof.breaches == {"twice": 2}
    assert {each.kind for each in proof.first} == {"obligation_missed"}


def test_a_miss_of_what_was_done_is_unfounded(march: Rehearsal) -> None:
    march.adopt(policy(TALK))
    march.tell(lives(1, BEGIN, BEGIN))
    march.now = CLOSED
    said = due_on(march, 0)
    march.tell([Told(at_ten(date(2036, 3, 20)), child_id(0), child_id(99), "talk", BEGIN, {})])

    put(march, 0, said)

    assert march.prove().breaches == {"unfounded": 2}


def test_a_miss_that_names_somebody_else_is_unfounded(march: Rehearsal) -> None:
    march.adopt(policy(TALK))
    march.tell(lives(1, BEGIN, BEGIN))
    march.now = CLOSED
    overdue, missed = due_on(march, 0)
    blamed = msgspec.structs.replace(missed.record, accountable="t-102")

    put(march, 0, [overdue, msgspec.structs.replace(missed, record=blamed)])

    assert march.prove().first == [offence("unfounded", 0, "obligation_missed")]


def test_a_file_that_cannot_be_read_is_named(march: Rehearsal) -> None:
    kept(march)
    march.tell([Told(CLOSED, child_id(1), child_id(99), "talk", BEGIN, {"mood": 7})])

    proof = march.prove()

    assert [(each.breach, each.subject_id) for each in proof.first] == [("unreadable", child_id(1))]


def test_a_late_truth_and_what_it_was_beside_are_both_founded(march: Rehearsal) -> None:
    kept(march)
    march.tell([Told(CLOSED, child_id(0), child_id(99), "talk", BEGIN, {})])
    march.tick(at_ten(date(2036, 4, 22)))

    proof = march.prove()

    assert proof.holds
    assert proof.outcomes == {"late": 1, "missed": 2}


def offence(breach, number: int, kind: str) -> Offence:
    return Offence(breach, child_id(number), kind, "school-default", "talk.month", "2036-03")
