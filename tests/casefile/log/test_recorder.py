"""One recorder, one caller: what is stored, what is refused, what is read back."""

import os
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, NotSupportedError, StoredEvent
from eventsourcing.postgres import PostgresDatastore

from services.casefile.log.commit import Commit
from services.casefile.log.errors import (
    AlreadyAnswered,
    AlreadyReserved,
    CommitRejected,
    DbFunctionsEnabled,
    UnsafeLog,
    VersionConflict,
)
from services.casefile.log.recorder import CasefileRecorder
from tests.casefile.log.logs import claim, event, events, one, reservation, stored
from tests.servers import Database


def test_an_appended_event_is_read_back_as_it_was_given(recorder: CasefileRecorder) -> None:
    given = event()

    appended = recorder.append(Commit((given,)))

    [row] = recorder.stream(given.originator_id)
    assert row == (1, given.topic, given.state, *appended.positions, appended.recorded_at)
    assert recorder.page(0, 10) == [
        (*appended.positions, given.originator_id, 1, given.topic, given.state, row[4])
    ]
    assert recorder.head() == appended.positions[0]


def test_an_empty_log_has_no_head_and_no_page(recorder: CasefileRecorder) -> None:
    assert recorder.head() == 0
    assert recorder.page(0, 10) == []
    assert recorder.stream(uuid4()) == []


def test_the_database_says_when(recorder: CasefileRecorder, database: Database) -> None:
    with psycopg.connect(database.app) as connection:
        [before] = connection.execute("SELECT clock_timestamp()").fetchone()

    appended = recorder.append(one())

    assert timedelta(0) <= appended.recorded_at - before < timedelta(minutes=1)
    assert appended.recorded_at.utcoffset() == timedelta(0)


def test_a_commit_spans_streams_and_keeps_its_order(recorder: CasefileRecorder) -> None:
    case, group = uuid4(), uuid4()

    appended = recorder.append(Commit((event(group), event(case), event(case, 2))))

    assert [row[1:3] for row in recorder.page(0, 10)] == [(group, 1), (case, 1), (case, 2)]
    assert list(appended.positions) == [row[0] for row in recorder.page(0, 10)]


def test_a_stale_version_is_a_conflict_that_names_it(recorder: CasefileRecorder) -> None:
    stream = uuid4()
    recorder.append(Commit(events(stream, 1, 3)))

    with pytest.raises(VersionConflict) as refusal:
        recorder.append(one(stream, 2))

    assert (refusal.value.stream_id, refusal.value.version) == (stream, 2)
    assert stored(recorder, stream) == [1, 2, 3]


def test_a_commit_that_loses_one_event_stores_none(recorder: CasefileRecorder) -> None:
    stream, other = uuid4(), uuid4()
    recorder.append(one(stream))
    held = reservation(other)

    with pytest.raises(VersionConflict):
        recorder.append(Commit((event(other), event(stream)), claim(b"k" * 32), (held,)))

    assert stored(recorder, other) == []
    assert recorder.answered(b"k" * 32) is None
    assert recorder.append(one(uuid4(), reserve=(reservation(uuid4()),))).positions


def test_a_commit_that_repeats_itself_is_a_conflict(recorder: CasefileRecorder) -> None:
    stream = uuid4()

    with pytest.raises(VersionConflict):
        recorder.append(Commit((event(stream), event(stream))))

    assert stored(recorder, stream) == []


def test_a_claimed_command_gets_its_first_answer_again(recorder: CasefileRecorder) -> None:
    stream, made = uuid4(), claim()
    first = recorder.append(Commit(events(stream, 1, 2), made))

    with pytest.raises(AlreadyAnswered) as again:
        recorder.append(Commit(events(stream, 3, 1), made))

    answered = again.value.answered
    assert (answered.answer, answered.fingerprint) == (made.answer, made.fingerprint)
    assert (answered.positions, answered.recorded_at) == (first.positions, first.recorded_at)
    assert answered.events == ((stream, 1), (stream, 2))
    assert answered == recorder.answered(made.key)
    assert stored(recorder, stream) == [1, 2]


def test_a_command_that_changed_nothing_is_answered_too(recorder: CasefileRecorder) -> None:
    made = claim()
    first = recorder.append(Commit((), made))

    with pytest.raises(AlreadyAnswered) as again:
        recorder.append(Commit((), made))

    assert first.positions == again.value.answered.positions == ()
    assert first.recorded_at == again.value.answered.recorded_at


def test_what_one_case_reserved_another_cannot_have(recorder: CasefileRecorder) -> None:
    case, other = uuid4(), uuid4()
    recorder.append(one(case, reserve=(reservation(case),)))

    with pytest.raises(AlreadyReserved) as refusal:
        recorder.append(one(other, reserve=(reservation(other),)))

    assert (refusal.value.kind, refusal.value.case_id) == ("resident_id", case)
    assert stored(recorder, other) == []


def test_a_case_may_reserve_again_what_it_holds(recorder: CasefileRecorder) -> None:
    case = uuid4()
    recorder.append(one(case, reserve=(reservation(case),)))

    assert recorder.append(one(case, 2, reserve=(reservation(case),))).positions


def test_what_was_released_can_be_reserved(recorder: CasefileRecorder) -> None:
    case, other = uuid4(), uuid4()
    held = reservation(case)
    recorder.append(one(case, reserve=(held,)))
    recorder.append(one(case, 2, release=((held.kind, held.digest),)))

    assert recorder.append(one(other, reserve=(reservation(other),))).positions


def test_a_merge_hands_a_reservation_over_in_one_commit(recorder: CasefileRecorder) -> None:
    case, other = uuid4(), uuid4()
    held = reservation(case)
    recorder.append(one(case, reserve=(held,)))

    recorder.append(
        one(case, 2, release=((held.kind, held.digest),), reserve=(reservation(other),))
    )

    with pytest.raises(AlreadyReserved) as refusal:
        recorder.append(one(case, 3, reserve=(held,)))
    assert refusal.value.case_id == other


def test_a_note_of_a_megabyte_goes_in_and_comes_out(recorder: CasefileRecorder) -> None:
    stream, state = uuid4(), os.urandom(1 << 20)

    recorder.append(Commit((event(stream, state=state),)))

    assert recorder.stream(stream)[0][2] == state


def test_a_stream_is_read_from_a_version_up_to_another(recorder: CasefileRecorder) -> None:
    stream = uuid4()
    recorder.append(Commit(events(stream, 1, 5)))

    assert [row[0] for row in recorder.stream(stream, after=1, upto=3)] == [2, 3]


def test_a_commit_the_database_cannot_take_is_rejected_without_its_contents(
    recorder: CasefileRecorder,
) -> None:
    bad = StoredEvent(uuid4(), 1, "canary\0", b"{}")

    with pytest.raises(CommitRejected) as refusal:
        recorder.append(Commit((bad,)))

    assert "canary" not in f"{refusal.value} {refusal.value.data}"


def test_the_library_is_told_of_a_conflict_in_its_own_words(recorder: CasefileRecorder) -> None:
    given = event()
    recorder.insert_events([given])

    with pytest.raises(IntegrityError):
        recorder.insert_events([given])


def test_what_the_log_does_not_store_is_refused_not_dropped(recorder: CasefileRecorder) -> None:
    with pytest.raises(NotSupportedError):
        recorder.insert_events([event()], tracking=object())


def test_the_library_functions_that_lose_events_are_refused() -> None:
    datastore = PostgresDatastore("", "", "", "", "", enable_db_functions=True)

    with pytest.raises(DbFunctionsEnabled):
        CasefileRecorder(datastore)


def test_a_server_that_does_not_flush_is_refused(recorder: CasefileRecorder) -> None:
    with pytest.raises(UnsafeLog) as refusal:
        recorder.self_check()

    assert refusal.value.faults == ("fsync is off", "full_page_writes is off")


def test_a_role_that_may_change_events_is_refused(database: Database) -> None:
    recorder = CasefileRecorder.open(database.owner)

    with pytest.raises(UnsafeLog) as refusal:
        recorder.self_check()
    recorder.close()

    assert "this role may change stored events; connect as casefile_app" in refusal.value.faults
