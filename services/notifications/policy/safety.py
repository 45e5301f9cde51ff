"""The safety of a child: told at once, whatever the hour, and never to whoever may have harmed her."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from services.notifications.messages import Incoming
from services.notifications.policy.days import day_in_china
from services.notifications.policy.intent import Intent
from services.notifications.policy.ladder import Ladder, SafetyRung
from services.notifications.policy.obligations import facts_of
from services.notifications.policy.resolving import recipients
from services.notifications.policy.snapshot import Snapshot
from services.notifications.policy.telling import told, unheard
from services.notifications.policy.timing import Timing

RAISED = "casefile.emergency-raised.v1"
RESOLVED = "casefile.emergency-resolved.v1"
REPORTED = "casefile.mandatory-report-filed.v1"
KINDS = {
    RAISED: "emergency",
    "casefile.incident-reported.v1": "incident",
    REPORTED: "mandatory_report",
}
SAFETY_TYPES = frozenset({*KINDS, RESOLVED})
# Notices of these kinds pass quiet hours, days off and digests, if they are wanted at once.
SAFETY = frozenset({*KINDS.values(), "all_clear"})


def is_safety(kind: str, urgency: str) -> bool:
    return kind in SAFETY and urgency == "now"


def harmer(message: Incoming) -> str | None:
    """The member of the care team that a mandatory report names, by id."""
    named = message.data.get("harmer_staff")
    return str(named) if named and message.type == REPORTED else None


def safety(
    message: Incoming, snapshot: Snapshot, ladder: Ladder, now: datetime
) -> Iterator[Intent]:
    if message.type == RESOLVED:
        yield all_clear(message, now)
        return
    kind = KINDS[message.type]
    heard: set[str] = set()
    for rung in rungs(ladder, kind, message.data.get("severity")):
        new = [p for p in _to(message, rung, snapshot, ladder) if p not in heard]
        heard.update(new)
        yield from _each(message, rung, new, snapshot, ladder, now)
    if not heard:
        yield unheard(_intent(message, kind, "-", ()), kind)


def all_clear(message: Incoming, now: datetime) -> Intent:
    """Whoever heard of the emergency hears that it is over, and nobody else does."""
    raised = key(str(message.stream_id), "emergency", str(message.data["emergency"]))
    return Intent(
        kind="all_clear",
        dedup=key(str(message.stream_id), "all_clear", str(message.data["record_id"])),
        case_id=message.case_id,
        urgency="now",
        not_before=now,
        stops=(raised,),
        corrects=raised,
        facts=facts_of(message, "all_clear"),
    )


def rungs(ladder: Ladder, kind: str, severity: str | None) -> Iterable[SafetyRung]:
    """Those that are told at once come first: nobody waits for the digest who need not."""
    wanted = [
        rung
        for rung in ladder.safety
        if rung.on == kind and (not rung.severity or severity in rung.severity)
    ]
    return sorted(wanted, key=lambda rung: rung.urgency != "now")


def key(case_id: str, kind: str, record_id: str) -> str:
    return f"{case_id}/{kind}/{record_id}|told"


def _to(message: Incoming, rung: SafetyRung, snapshot: Snapshot, ladder: Ladder) -> tuple[str, ...]:
    """Whoever wrote it down knows it; the person it accuses must not."""
    wrote = (message.data.get("performed_by") or {}).get("staff")
    apart = {each for each in (wrote, harmer(message)) if each}
    return recipients(rung.to, snapshot, hidden=apart, most=ladder.most_per_role)


def _each(
    message: Incoming,
    rung: SafetyRung,
    staff: list[str],
    snapshot: Snapshot,
    ladder: Ladder,
    now: datetime,
) -> Iterator[Intent]:
    intent = _intent(message, KINDS[message.type], rung.code, rung.channels)
    if rung.urgency == "now" and staff:
        yield msgspec.structs.replace(intent, staff=tuple(staff), urgency="now", not_before=now)
    elif staff:
        timing, today = Timing(ladder), day_in_china(now)
        yield from told(intent, staff, snapshot, timing, "digest", now, today)


def _intent(message: Incoming, kind: str, rung: str, channels: tuple[str, ...]) -> Intent:
    return Intent(
        kind=kind,
        dedup=key(str(message.stream_id), kind, str(message.data["record_id"])),
        case_id=message.case_id,
        channels=channels,
        facts=facts_of(message, rung),
    )
