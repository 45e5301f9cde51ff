"""Each message has one effect, in the order of its stream, whatever comes twice or late."""

from datetime import timedelta

import pytest
import structlog

from services.notifications.state.offsets import StaleBatch
from services.notifications.state.replaying import forget
from tests.notifications.given import MORNING, assigned, child, message
from tests.notifications.taking import Reader


def test_a_message_has_its_effect_once_however_often_it_comes(reader: Reader) -> None:
    reader.take(message(1), message(2))
    counts = reader.take(message(1), message(2), message(2), message(3))
    assert counts["duplicates"] == 3
    assert reader.versions() == [1, 2, 3]


def test_of_two_who_read_the_same_batch_one_has_the_effect(reader: Reader) -> None:
    reader.take(message(1))
    with pytest.raises(StaleBatch):
        reader.take(message(1), message(2), offset=0)
    assert reader.versions() == [1]
    assert reader.offset == 1


def test_a_hole_holds_its_stream_says_what_is_missing_and_lets_others_go_on(
    reader: Reader,
) -> None:
    with structlog.testing.capture_logs() as lines:
        reader.take(message(1), message(4), message(5), message(1, of=child(2)))
    assert reader.parked() == [(4, "hole"), (5, "behind")]
    assert reader.reasons()[0] == "versions 2 to 3 are missing"
    assert [line["event"] for line in lines] == ["message_parked"]
    assert lines[0]["stream_id"] == str(child()) and lines[0]["log_level"] == "error"
    assert len(reader.told()) == 2


def test_what_waited_behind_a_hole_goes_on_in_order_when_the_hole_is_filled(
    reader: Reader,
) -> None:
    reader.take(message(1), message(3), message(4), message(6))
    reader.take(message(2))
    assert reader.versions() == [1, 2, 3, 4]
    assert reader.parked() == [(6, "hole")]
    assert reader.reasons() == ["version 5 is missing"]
    reader.take(message(5), message(7))
    assert reader.versions() == [1, 2, 3, 4, 5, 6, 7]
    assert reader.parked() == []


def test_an_unknown_type_is_left_out_said_once_and_holds_nothing(reader: Reader) -> None:
    strange = "casefile.sky-painted.v1"
    with structlog.testing.capture_logs() as lines:
        counts = reader.take(message(1, strange), message(2, strange), message(3))
    assert counts["ignored"] == 2
    assert [line["event"] for line in lines] == ["type_ignored"]
    assert reader.versions() == [3]


def test_a_newer_version_of_a_type_is_left_out_with_a_warning(reader: Reader) -> None:
    with structlog.testing.capture_logs() as lines:
        reader.take(message(1, "casefile.talk-held.v2"), message(2))
    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("newer_version_ignored", "warning")
    ]
    assert reader.versions() == [2]


def test_before_notify_after_messages_build_the_state_and_tell_nobody(reader: Reader) -> None:
    reader.notify_after = MORNING
    early = MORNING - timedelta(seconds=1)
    reader.take(message(1, time=early), assigned(2, "t-101", time=early), message(3))
    assert reader.versions() == [3]
    care = reader.connection.execute("SELECT staff FROM notifications.care").fetchall()
    assert care == [("t-101",)]


def test_a_replay_of_everything_builds_the_same_state_and_tells_nobody_twice(
    reader: Reader,
) -> None:
    everything = (message(1), assigned(2, "t-101"), message(3), assigned(4, "t-118"))
    reader.take(*everything)
    reader.connection.execute(
        "UPDATE notifications.notices SET dedup = dedup || ' by another rule'"
    )
    forget(reader.connection)
    assert reader.connection.execute("SELECT count(*) FROM notifications.care").fetchone() == (0,)
    counts = reader.take(*everything, message(5))
    assert counts["notices"] == 1
    assert reader.versions() == [1, 3, 5]
    care = reader.connection.execute("SELECT staff FROM notifications.care").fetchall()
    assert care == [("t-118",)]
