"""What a message calls for: a pure function of the message, what is known, the ladder and now."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

import msgspec

from services.notifications.messages import Incoming
from services.notifications.policy.days import day_in_china
from services.notifications.policy.findings import FINDING_TYPES, findings
from services.notifications.policy.intent import Intent
from services.notifications.policy.ladder import Ladder, Rung
from services.notifications.policy.obligations import About, about, facts_of, state_key
from services.notifications.policy.resolving import recipients
from services.notifications.policy.safety import SAFETY_TYPES, safety
from services.notifications.policy.snapshot import Snapshot
from services.notifications.policy.telling import told, unheard
from services.notifications.policy.timing import Timing


class Situation(msgspec.Struct, frozen=True):
    """What a reaction goes by."""

    message: Incoming
    snapshot: Snapshot
    ladder: Ladder
    now: datetime

    @property
    def obligor(self) -> str:
        return str(self.message.data.get("obligor", "staff"))

    def stopping(self, owed: About, *states: str) -> tuple[str, ...]:
        """The keys of what need not be told any more: all reminders, and these states."""
        reminders = (rung.code for rung in self.ladder.rungs(self.obligor, "due"))
        return tuple(owed.key(state) for state in (*reminders, *states))


def react(message: Incoming, snapshot: Snapshot, ladder: Ladder, now: datetime) -> list[Intent]:
    """Whom to tell what because of this message; decided anew it has the same keys.

    `unheard` says that nobody could be found for a step. An intent without staff only stops or
    corrects what others say.
    """
    if message.type in SAFETY_TYPES:
        return list(safety(message, snapshot, ladder, now))
    if message.type in FINDING_TYPES:
        return list(findings(message, snapshot, ladder, now))
    reaction = REACTIONS.get(message.type)
    return list(reaction(Situation(message, snapshot, ladder, now))) if reaction else []


def overdue(situation: Situation) -> Iterator[Intent]:
    owed = about(situation.message)
    yield _stop(situation, owed)
    yield from _climbed(situation, owed, "overdue")


def missed(situation: Situation) -> Iterator[Intent]:
    """Told from the bottom up: who hears at once, and who some days later if nothing happens."""
    owed = about(situation.message)
    yield _stop(situation, owed, "overdue", "escalated")
    yield from _climbed(situation, owed, "missed")


def escalated(situation: Situation) -> Iterator[Intent]:
    yield from _climbed(situation, about(situation.message), "escalated")


def fulfilled(situation: Situation) -> Iterator[Intent]:
    """Nobody else hears of the miss, and those who heard of it hear that it was made good."""
    message, owed = situation.message, about(situation.message)
    miss = state_key(owed, "missed", str(message.data["missed"]))
    yield Intent(
        kind="made_good",
        dedup=owed.key(f"made_good|{message.data['missed']}"),
        case_id=message.case_id,
        stops=(miss, *situation.stopping(owed, "overdue", "escalated")),
        corrects=miss,
        facts=facts_of(message, "made_good"),
    )


REACTIONS: dict[str, Callable[[Situation], Iterable[Intent]]] = {
    "casefile.obligation-overdue.v1": overdue,
    "casefile.obligation-missed.v1": missed,
    "casefile.quota-missed.v1": missed,
    "casefile.duty-missed.v1": missed,
    "casefile.obligation-escalated.v1": escalated,
    "casefile.obligation-fulfilled.v1": fulfilled,
    "casefile.duty-fulfilled.v1": fulfilled,
}


def kind_of(rung: Rung, obligor: str) -> str:
    """What the notice says; a parent's silence is never told as somebody's omission."""
    if obligor == "parent":
        return "risk_signal"
    if rung.at == "missed":
        return "missed" if rung.offset_days <= 0 else "escalation"
    return {"overdue": "overdue", "escalated": "tried_in_vain"}[rung.at]


def _stop(situation: Situation, owed: About, *states: str) -> Intent:
    keys = situation.stopping(owed, *states)
    return Intent(kind="stop", dedup=owed.key("stop"), stops=keys)


def _climbed(situation: Situation, owed: About, at: str) -> Iterator[Intent]:
    """Intents for each step; whoever hears of the state on an early step hears it only then."""
    message, ladder, now = situation.message, situation.ladder, situation.now
    heard: set[str] = set()
    timing, base = Timing(ladder), _base(situation)
    for step, rung in enumerate(ladder.rungs(situation.obligor, at)):
        intent = Intent(
            kind=kind_of(rung, situation.obligor),
            dedup=state_key(owed, at, str(message.data["record_id"])),
            case_id=message.case_id,
            step=step,
            channels=rung.channels,
            facts=facts_of(message, rung.code),
        )
        staff = _recipients(situation, rung)
        if not staff:
            yield unheard(intent, rung.code)
        new = [person for person in staff if person not in heard]
        heard.update(new)
        day = base + timedelta(days=rung.offset_days)
        yield from told(intent, new, situation.snapshot, timing, rung.urgency, now, day)


def _recipients(situation: Situation, rung: Rung) -> tuple[str, ...]:
    """Where nobody was accountable, whoever holds the role that owed it."""
    data = situation.message.data
    wanted = list(rung.to)
    if "accountable" in wanted and not data.get("accountable") and data.get("role"):
        wanted[wanted.index("accountable")] = data["role"]
    return recipients(
        wanted,
        situation.snapshot,
        accountable=data.get("accountable"),
        most=situation.ladder.most_per_role,
    )


def _base(situation: Situation) -> date:
    """From which day steps count: when people first hear of it, not before it was so."""
    today, closed = day_in_china(situation.now), situation.message.data.get("closed_on")
    return max(today, date.fromisoformat(closed)) if closed else today
