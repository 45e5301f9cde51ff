"""What an inspection found: told to whoever has to answer, and again before each of the two days."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from services.notifications.messages import Incoming
from services.notifications.policy.days import day_in_china
from services.notifications.policy.intent import Intent
from services.notifications.policy.ladder import CONCERNED, FindingRung, Ladder
from services.notifications.policy.resolving import recipients
from services.notifications.policy.snapshot import Snapshot
from services.notifications.policy.telling import told, unheard
from services.notifications.policy.timing import Timing

RAISED = "casefile.finding-raised.v1"
DECIDED = "casefile.finding-decided.v1"
# What each answer makes superfluous: once something was said, nobody is asked to say something.
ANSWERED = {
    "casefile.explanation-given.v1": ("reply_by",),
    "casefile.rectification-recorded.v1": ("reply_by", "deadline"),
}
FINDING_TYPES = frozenset({RAISED, DECIDED, *ANSWERED})
# An upheld finding is still to be put right.
SETTLED = ("rectified", "withdrawn")
TOLD = ("finding_code", "severity", "reply_by", "deadline", "worker", "unit", "occurred_on")


def findings(
    message: Incoming, snapshot: Snapshot, ladder: Ladder, now: datetime
) -> Iterator[Intent]:
    if message.type == RAISED:
        yield from _raised(message, snapshot, ladder, now)
    elif message.type in ANSWERED:
        yield _stop(message, ladder, *ANSWERED[message.type])
    elif message.data["outcome"] in SETTLED:
        yield _stop(message, ladder, "raised", "reply_by", "deadline")


def case_of(message: Incoming) -> UUID | None:
    """The child a finding is about; it stands on the stream of the inspection."""
    named = message.data.get("case") if message.type == RAISED else None
    return UUID(str(named)) if named else message.case_id


def concerned(message: Incoming) -> Iterator[tuple[str, ...]]:
    """Whom `concerned` means: the worker named, else who cares for the child, else who leads."""
    if message.data.get("worker"):
        yield ("accountable",)
    elif message.data.get("case"):
        yield ("care_team",)
    yield from CONCERNED


def key(message: Incoming, finding: str, step: str) -> str:
    return f"{message.stream_id}/finding/{finding}|{step}"


def _raised(
    message: Incoming, snapshot: Snapshot, ladder: Ladder, now: datetime
) -> Iterator[Intent]:
    heard: set[str] = set()
    for step, rung in enumerate(ladder.finding_rungs("raised")):
        staff = _to(message, rung, snapshot, ladder)
        intent = _intent(message, rung, step)
        if not staff:
            yield unheard(intent, rung.code)
        new = [each for each in staff if each not in heard]
        heard.update(new)
        timing, today = Timing(ladder), day_in_china(now)
        yield from told(intent, new, snapshot, timing, rung.urgency, now, today)
    for at in ("reply_by", "deadline"):
        for step, rung in enumerate(ladder.finding_rungs(at)):
            yield from _reminded(message, rung, step, snapshot, ladder, now)


def _reminded(
    message: Incoming,
    rung: FindingRung,
    step: int,
    snapshot: Snapshot,
    ladder: Ladder,
    now: datetime,
) -> Iterator[Intent]:
    """In the digest of that day, or of the working day before; not on the day it was raised, nor late."""
    last, timing = date.fromisoformat(message.data[rung.at]), Timing(ladder)
    day = timing.reminder_day(last, rung.offset_days)
    if day <= day_in_china(now):
        return
    staff = _to(message, rung, snapshot, ladder)
    for intent in told(_intent(message, rung, step), staff, snapshot, timing, "digest", now, day):
        if intent.not_before is not None and day_in_china(intent.not_before) <= last:
            yield intent


def _to(
    message: Incoming, rung: FindingRung, snapshot: Snapshot, ladder: Ladder
) -> tuple[str, ...]:
    """Of those concerned the first that can be found. Whoever raised it knows it."""
    wrote = (message.data.get("performed_by") or {}).get("staff")
    resolve = partial(
        recipients,
        snapshot=snapshot,
        accountable=message.data.get("worker"),
        hidden={wrote} if wrote else (),
        most=ladder.most_per_role,
    )
    found = [staff for role in rung.to if role != "concerned" for staff in resolve((role,))]
    if "concerned" in rung.to:
        found = [*next(filter(None, map(resolve, concerned(message))), ()), *found]
    return tuple(dict.fromkeys(found))


def _intent(message: Incoming, rung: FindingRung, step: int) -> Intent:
    finding = str(message.data["record_id"])
    at = "raised" if rung.at == "raised" else rung.code
    return Intent(
        kind="finding" if rung.at == "raised" else "finding_due",
        dedup=key(message, finding, at),
        case_id=case_of(message),
        step=step,
        channels=rung.channels,
        facts=_facts(message, rung),
    )


def _facts(message: Incoming, rung: FindingRung) -> dict[str, Any]:
    data = message.data
    known = {name: data[name] for name in TOLD if data.get(name) is not None}
    if data.get("worker"):
        known["accountable"] = data["worker"]
    return known | {
        "rung": rung.code,
        "due_on": data["deadline" if rung.at == "raised" else rung.at],
        "asks": "deadline" if rung.at == "deadline" else "reply_by",
        "finding": str(data["record_id"]),
        "stream": message.stream,
        "stream_id": str(message.stream_id),
    }


def _stop(message: Incoming, ladder: Ladder, *points: str) -> Intent:
    finding = str(message.data["finding"])
    codes = [
        "raised" if at == "raised" else rung.code
        for at in points
        for rung in ladder.finding_rungs(at)
    ]
    stops = tuple(key(message, finding, code) for code in dict.fromkeys(codes))
    return Intent(kind="stop", dedup=key(message, finding, "stop"), stops=stops)
