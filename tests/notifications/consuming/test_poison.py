"""What cannot be used is parked with its stream, visibly; mended, it goes on in order."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from services.notifications.consuming import mending
from services.notifications.consuming.mending import NotTheFirst
from services.notifications.consuming.ports import Reactions
from services.notifications.messages import Incoming, NotReadable, parse
from services.notifications.policy.intent import Intent
from services.notifications.sources.source import Unreadable
from services.notifications.state.connections import Connection
from services.notifications.state.parked import page
from tests.notifications.given import ASSIGNED, TALK, child, headers, message
from tests.notifications.taking import TELLING, Reader, tell_the_teacher


class Failing:
    """Fails on one version until it is mended."""

    def __init__(self, version: int) -> None:
        self.version: int | None = version
        self.calls = 0

    def __call__(
        self, connection: Connection, given: Sequence[Incoming], now: datetime
    ) -> Sequence[Sequence[Intent]]:
        if self.version in [message.version for message in given]:
            self.calls += 1
            connection.execute("INSERT INTO notifications.people (staff) VALUES ('half-done')")
            raise ZeroDivisionError("t-101 is a name nobody may see")
        return tell_the_teacher(connection, given, now)


@pytest.fixture
def failing(reader: Reader) -> Failing:
    found = Failing(2)
    reader.reactions = Reactions(types=frozenset((TALK,)), react=found)
    return found


def test_what_our_code_fails_on_is_tried_three_times_and_parked_with_all_behind_it(
    reader: Reader, failing: Failing
) -> None:
    pauses: list[float] = []
    reader.pause = pauses.append
    reader.take(message(1), message(2), message(3), message(1, of=child(2)), message(4))
    assert failing.calls == 3
    assert pauses == [0.05, 0.2]
    assert reader.parked() == [(2, "failed"), (3, "behind"), (4, "behind")]
    assert len(reader.told()) == 2
    people = reader.connection.execute("SELECT count(*) FROM notifications.people").fetchone()
    assert people == (0,), "nothing of a failed try may stay"


def test_the_reason_names_the_place_in_our_code_and_quotes_nothing(
    reader: Reader, failing: Failing
) -> None:
    reader.take(message(1), message(2))
    assert reader.reasons()[0].startswith("ZeroDivisionError at test_poison.py:")
    assert "t-101" not in reader.reasons()[0]


def test_mended_a_retry_goes_on_in_order(reader: Reader, failing: Failing) -> None:
    reader.take(message(1), message(2), message(3))
    _first, last = page(reader.connection)
    failing.version = None
    done = mending.retry(reader.connection, reader.effect, last.id, over_hole=False)
    assert (done.went_on, done.holds) == (2, None)
    assert reader.versions() == [1, 2, 3]
    assert reader.parked() == []
    reader.take(message(4))
    assert reader.versions() == [1, 2, 3, 4]


def test_a_retry_that_fails_again_keeps_everything_and_counts(
    reader: Reader, failing: Failing
) -> None:
    reader.take(message(1), message(2), message(3))
    done = list(mending.retry_all(reader.connection, reader.effect))
    assert [(each.went_on, each.holds.attempts) for each in done if each.holds] == [(0, 2)]
    assert reader.parked() == [(2, "failed"), (3, "behind")]


def test_dropped_for_good_it_is_on_record_and_the_ones_behind_go_on(
    reader: Reader, failing: Failing
) -> None:
    reader.take(message(1), message(2), message(3))
    first, last = page(reader.connection)
    with pytest.raises(NotTheFirst):
        mending.drop(reader.connection, reader.effect, last.id)
    mending.drop(reader.connection, reader.effect, first.id)
    assert reader.versions() == [1, 3]
    query = "SELECT version FROM notifications.inbox WHERE outcome = 'dropped'"
    assert reader.connection.execute(query).fetchall() == [(2,)]
    assert reader.take(message(2))["duplicates"] == 1


def test_an_operator_may_give_up_the_versions_a_hole_is_missing(reader: Reader) -> None:
    reader.take(message(1), message(4), message(5))
    hole = page(reader.connection)[0]
    stays = mending.retry(reader.connection, reader.effect, hole.id, over_hole=False)
    assert stays.holds is not None and stays.holds.grade == "hole"
    mending.retry(reader.connection, reader.effect, hole.id, over_hole=True)
    assert reader.versions() == [1, 4, 5]


def test_a_message_that_fails_its_schema_is_parked_at_once_and_names_the_field(
    reader: Reader,
) -> None:
    wrong = message(2, ASSIGNED, role="class_teacher", staff=["Xiaoming"])
    reader.take(message(1), wrong, message(3))
    assert reader.parked() == [(2, "unreadable"), (3, "behind")]
    assert "$.staff" in reader.reasons()[0] and "Xiaoming" not in reader.reasons()[0]


def test_sent_again_as_it_should_be_it_takes_the_place_of_the_broken_one(reader: Reader) -> None:
    broken = message(2, ASSIGNED, role="class_teacher")
    reader.take(message(1), broken, message(3))
    reader.take(message(2))
    assert reader.versions() == [1, 2, 3]
    assert reader.parked() == []


@pytest.mark.parametrize(
    "value", [b"{", b"[]", b"\xff\xfe", b"null", b'"x"', b'{"a": ' + b"1" * (2 << 20) + b"}"]
)
def test_what_cannot_be_read_is_parked_in_its_place_as_it_came(
    reader: Reader, value: bytes
) -> None:
    with pytest.raises(NotReadable) as unreadable:
        parse(headers(message(2)), value)
    fault = unreadable.value
    shown = {name: text.decode() for name, text in headers(message(2))}
    reader.take(message(1), Unreadable(fault.reason, fault.traces, value, shown), message(3))
    assert reader.parked() == [(2, "unreadable"), (3, "behind")]
    kept = reader.connection.execute("SELECT raw FROM notifications.parked WHERE version = 2")
    assert kept.fetchone() == (value,)
    again = list(mending.retry_all(reader.connection, reader.effect))
    assert again[0].holds is not None and again[0].holds.grade == "unreadable"


def test_text_that_json_allows_and_the_database_does_not_parks_one_message_only(
    reader: Reader,
) -> None:
    nul = message(2, ASSIGNED, role="class_teacher", staff="t-\x00")
    reader.take(message(1), nul, message(1, of=child(2)))
    assert reader.parked() == [(2, "failed")]
    assert len(reader.told()) == 2


def test_one_without_a_stream_holds_nobody_and_may_be_dropped(reader: Reader) -> None:
    reader.reactions = TELLING
    with pytest.raises(NotReadable) as unreadable:
        parse([("ce_type", b"casefile.talk-held.v1")], b"{}")
    lost = Unreadable(unreadable.value.reason, unreadable.value.traces, b"{}", {})
    reader.take(lost, lost, message(1))
    rows = page(reader.connection)
    assert [row.stream_id for row in rows] == [None, None]
    mending.drop(reader.connection, reader.effect, rows[0].id)
    assert len(page(reader.connection)) == 1
    assert reader.versions() == [1]
