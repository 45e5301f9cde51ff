"""A step of the ladder that names channels is told through those, and through no others."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid5

import pytest

from services.notifications.consuming.ports import Reactions
from services.notifications.delivering.queueing import queue, queue_digests
from services.notifications.delivering.rescuing import try_again
from services.notifications.directory.reacting import TYPES, Reacting
from services.notifications.policy.reading import default_text, read_ladder
from services.notifications.reminding.digests import Digests
from tests.notifications.delivering.office import NOON, Office, Recording
from tests.notifications.given import FULFILLED, child, message, missed, owed
from tests.notifications.taking import Reader

AT_ONCE = "{code: missed, at: missed, to: [accountable], urgency: now%s}"
EMERGENCY = "{code: emergency, on: emergency, to: [class_teacher]%s}"
# Half past seven in China, on the morning after the office's day.
MORNING = NOON.replace(hour=23, minute=30)
# The queue goes by the real time; the office is years ahead of it.
AHEAD = timedelta(days=10_000)


@dataclass
class Told:
    """From a message to the channels, with a ladder of the test's own."""

    office: Office
    channels: list[Recording] = field(default_factory=list)

    def by(self, *steps: str) -> None:
        """The ladder that is shipped, with other steps about work, and another emergency."""
        head, _, rest = default_text().partition("staff:")
        safety = [line for line in rest.partition("safety:")[2].splitlines() if "code:" in line]
        work = [step for step in steps if step != steps[-1] or "on:" not in step]
        if "on:" in steps[-1]:
            safety[0] = f"  - {steps[-1]}"
        rungs = [f"  - {step}" for step in work]
        self.ladder = read_ladder("\n".join([head, "staff:", *rungs, "safety:", *safety]))
        self.reader = Reader(
            self.office.held,
            Reactions(types=TYPES, react=Reacting(self.ladder), queue=partial(queue, ahead=AHEAD)),
            now=lambda: self.office.now,
        )
        self.channels = [Recording(name) for name in ("smtp", "webhook", "wecom")]

    def take(self, *messages: Any) -> None:
        self.reader.take(*messages)
        self.office.run(*self.channels)

    def digests(self) -> int:
        def send(connection, digest):
            queue_digests(connection, [digest.id])

        made = Digests(self.ladder, send).assemble(self.office.held, self.office.now)
        self.office.run(*self.channels)
        return made

    def reached(self) -> list[str]:
        return [channel.name for channel in self.channels for _ in channel.sent]


@pytest.fixture
def told(office: Office) -> Told:
    office.person("t-101", "smtp", "webhook", "wecom")
    return Told(office)


def at_once(version: int = 1, **more: Any) -> Any:
    return missed(version, closed_on="2030-11-20", **more)


def test_without_channels_of_the_step_the_person_s_best_one_is_taken(told: Told) -> None:
    told.by(AT_ONCE % "")
    told.take(at_once())
    assert told.reached() == ["smtp"]


def test_a_step_s_channel_is_taken_before_the_person_s_best_one(told: Told) -> None:
    told.by(AT_ONCE % ", channels: [webhook]")
    told.take(at_once())
    assert told.reached() == ["webhook"]


def test_of_several_the_step_s_order_counts_not_the_person_s(told: Told) -> None:
    told.by(AT_ONCE % ", channels: [wecom, smtp]")
    told.take(at_once())
    assert told.reached() == ["wecom"]


def test_a_step_that_names_the_inbox_leaves_it_there(told: Told) -> None:
    told.by(AT_ONCE % ", channels: [in_app]")
    told.take(at_once())
    assert told.reached() == []
    assert told.office.ledger() == [("t-101", "in_app", "delivered", None)]
    assert told.office.rows("SELECT state FROM notifications.notices") == [{"state": "delivered"}]


def test_a_channel_the_person_does_not_have_is_given_up_in_the_open_and_no_other_is_taken(
    told: Told,
) -> None:
    told.by(AT_ONCE % ", channels: [feishu]")
    told.take(at_once())
    assert told.reached() == []
    assert told.office.ledger() == [
        ("t-101", "in_app", "delivered", None), ("t-101", "-", "gave_up", "no_address"),
    ]  # fmt: skip
    assert len(told.office.items()) == 1


def test_with_the_address_added_it_can_be_tried_again(told: Told) -> None:
    told.by(AT_ONCE % ", channels: [feishu]")
    told.take(at_once())
    own = '[{"channel": "feishu", "address": "t-101@feishu"}]'
    told.office.held.execute("UPDATE notifications.people SET channels = %s", [own])
    told.channels.append(Recording("feishu"))
    (notice,) = told.office.rows("SELECT id FROM notifications.notices")
    try_again(told.office.held, notice["id"])
    told.office.run(*told.channels)
    assert told.reached() == ["feishu"]


def test_an_emergency_goes_through_the_step_s_channels_too(told: Told) -> None:
    told.by(AT_ONCE % "", EMERGENCY % ", channels: [webhook, smtp]")
    care = {"role": "class_teacher", "staff": "t-101", "unit": "class-31"}
    someone = {"staff": "t-7", "role": "class_teacher", "unit": "class-7"}
    told.take(
        message(1, "casefile.worker-assigned.v1", **care),
        message(2, "casefile.emergency-raised.v1", performed_by=someone),
    )
    assert told.reached() == ["webhook"]


def test_a_digest_has_only_what_goes_through_the_same_channels(told: Told) -> None:
    told.by(
        "{code: overdue, at: overdue, to: [accountable]}",
        "{code: missed, at: missed, to: [accountable], channels: [webhook]}",
    )
    first, second = child(1), child(2)
    told.take(message(1, "casefile.obligation-overdue.v1", of=first, **owed()), at_once(of=second))
    told.office.now = MORNING
    assert told.digests() == 2
    assert sorted(told.reached()) == ["smtp", "webhook"]
    said = {c.name: words.body for c in told.channels for _, words, _ in c.sent}
    assert "漏" in said["webhook"] or "未完成" in said["webhook"]
    assert len(told.office.items()) == 2


def test_the_correction_takes_the_way_the_miss_took(told: Told) -> None:
    told.by(AT_ONCE % ", channels: [webhook]")
    miss = at_once()
    told.take(miss)
    told.take(message(2, FULFILLED, **owed() | {"missed": str(uuid5(child(), "1"))}))
    told.office.now = MORNING
    assert told.digests() == 1
    assert told.reached() == ["webhook", "webhook"]
