"""What the log has yet to say of a child's obligations, said once, whoever says it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from services.casefile.application.context import SYSTEM
from services.casefile.application.declaring import declaration_commit
from services.casefile.composition import Parts
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.shapes import DatedShape
from services.casefile.domain.entry import Entry
from services.casefile.domain.stream_ids import unit_stream
from services.casefile.log.errors import VersionConflict
from tests.casefile.log.logs import at_once
from tests.casefile.rulebooks.policies import county, policy, rule
from tests.casefile.world import child, context, parts, settle
from tests.servers import Database

# Years after any day these tests are run on, so that what is recorded in them comes in time.
TODAY = datetime(2090, 1, 6, 4, tzinfo=UTC)
CLOSED = datetime(2090, 2, 1, tzinfo=UTC)
TALK = {"occurred_on": "2089-12-20", "late_reason": "学期末集中补录", "mood": "calm"}
BY_NEW_YEAR = DatedShape(by=("12-30",), open_days=29)


@pytest.fixture
def built(database: Database, tmp_path: Path) -> Iterator[Parts]:
    made = parts(database, tmp_path, clock=lambda: TODAY)
    settle(made)
    rules = (
        rule(shape=BY_NEW_YEAR),
        rule(
            "meeting.group", shape=BY_NEW_YEAR, subject="unit",
            kinds=("leading_group_meeting",), role="school_lead",
        ),
    )  # fmt: skip
    made.casefile.adopt_policy(policy(effective_from=date(2089, 12, 1), rules=rules), county())
    yield made
    made.close()


def opened(built: Parts) -> UUID:
    body = child(occurred_on="2089-09-01", birth_date="2080-03-01")
    return built.casefile.open_case(body, context()).case_id


def entries(built: Parts, stream_id: UUID) -> list[Entry]:
    return built.mapper.entries(stream_id, built.recorder.stream(stream_id))


def versions(built: Parts, stream_id: UUID) -> dict[str, int]:
    return {entry.kind.slug: entry.version for entry in entries(built, stream_id)}


def test_a_miss_is_declared_by_the_system_and_dated_by_its_window(built: Parts):
    case_id = opened(built)

    receipts = built.casefile.declare(case_id, "case", CLOSED)

    assert [r.kind for r in receipts] == ["obligation_overdue", "obligation_missed"]
    missed = entries(built, case_id)[-1]
    assert missed.occurred_on == missed.rec.closed_on == date(2090, 1, 6)
    assert missed.env.recorded_by == SYSTEM.author
    assert missed.env.source == "system"
    assert receipts[-1].version == missed.version


def test_before_anything_is_due_there_is_nothing_to_declare(built: Parts):
    case_id = opened(built)
    before = built.recorder.head()

    assert built.casefile.declare(case_id, "case", datetime(2089, 12, 15, tzinfo=UTC)) == []
    assert built.recorder.head() == before


def test_what_was_declared_is_not_declared_again(built: Parts):
    case_id = opened(built)
    built.casefile.declare(case_id, "case", CLOSED)
    before = built.recorder.head()

    assert built.casefile.declare(case_id, "case", CLOSED) == []
    assert built.recorder.head() == before


def test_many_who_declare_at_once_declare_it_once(built: Parts):
    case_id = opened(built)

    answers = at_once([lambda: built.casefile.declare(case_id, "case", CLOSED)] * 6)

    assert sorted(len(receipts) for receipts in answers) == [0, 0, 0, 0, 0, 2]
    slugs = [entry.kind.slug for entry in entries(built, case_id)]
    assert slugs.count("obligation_missed") == 1


def test_a_talk_in_time_leaves_nothing_to_declare(built: Parts):
    case_id = opened(built)
    built.casefile.record(case_id, "talk", TALK, context())

    assert built.casefile.declare(case_id, "case", CLOSED) == []


def test_a_talk_after_the_miss_is_declared_beside_it(built: Parts):
    case_id = opened(built)
    built.casefile.declare(case_id, "case", CLOSED)
    talk = built.casefile.record(case_id, "talk", TALK, context())

    [receipt] = built.casefile.declare(case_id, "case", CLOSED)

    made_good = entries(built, case_id)[-1]
    assert receipt.kind == "obligation_fulfilled"
    assert made_good.rec.proofs == (talk.record_id,)
    assert "obligation_missed" in versions(built, case_id)


def test_of_a_talk_and_a_miss_at_once_exactly_one_comes_first(built: Parts):
    for _ in range(12):
        case_id = opened(built)

        at_once(
            [
                lambda case_id=case_id: built.casefile.record(case_id, "talk", TALK, context()),
                lambda case_id=case_id: built.casefile.declare(case_id, "case", CLOSED),
            ]
        )
        built.casefile.declare(case_id, "case", CLOSED)

        found = versions(built, case_id)
        was_missed = "obligation_missed" in found
        assert was_missed == ("obligation_fulfilled" in found)
        assert not was_missed or found["obligation_missed"] < found["talk"]


def test_a_unit_s_duty_is_declared_on_the_unit(built: Parts):
    school = unit_stream("school-1")

    receipts = built.casefile.declare(school, "unit", CLOSED)

    assert [r.kind for r in receipts] == ["duty_missed"]
    assert entries(built, school)[-1].rec.rule == "meeting.group"


def test_a_stream_that_is_not_there_has_nothing_to_declare(built: Parts):
    assert built.casefile.declare(UUID(int=7), "case", CLOSED) == []


def test_what_is_built_in_bulk_is_what_is_declared_one_by_one(built: Parts):
    one, other = opened(built), opened(built)
    built.casefile.declare(one, "case", CLOSED)
    stream = built.streams.fresh(other)
    judgement = judge(Subject(other, "case", stream.entries), built.rulebooks.current(), CLOSED)

    commit = declaration_commit(built.mapper, other, stream.version, judgement.declarations)
    built.recorder.append_many([commit])

    declared = [entry for entry in entries(built, other) if entry.version > stream.version]
    assert built.casefile.declare(other, "case", CLOSED) == []
    assert [e.rec for e in declared] == [
        e.rec for e in entries(built, one) if e.kind.family == "obligation"
    ]
    assert [e.env.recorded_by for e in declared] == [SYSTEM.author] * len(declared)


def test_what_is_built_in_bulk_loses_against_a_stream_that_moved_on(built: Parts):
    case_id = opened(built)
    stream = built.streams.fresh(case_id)
    judgement = judge(Subject(case_id, "case", stream.entries), built.rulebooks.current(), CLOSED)
    commit = declaration_commit(built.mapper, case_id, stream.version, judgement.declarations)
    built.casefile.record(case_id, "talk", TALK, context())

    [outcome] = built.recorder.append_many([commit])

    assert isinstance(outcome, VersionConflict)
    assert "obligation_missed" not in versions(built, case_id)


def test_the_same_is_declared_however_late_it_is(built: Parts):
    case_id = opened(built)
    stream = built.streams.fresh(case_id)
    judged = [
        judge(Subject(case_id, "case", stream.entries), built.rulebooks.fresh(), now)
        for now in (CLOSED, datetime(2091, 6, 1, tzinfo=UTC))
    ]

    first, later = (
        {(d.record_id, d.occurred_on, msgspec.json.encode(d.record)) for d in j.declarations}
        for j in judged
    )

    assert len(first) == 2
    assert first <= later
