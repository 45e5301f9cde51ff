"""Whether a ladder makes sense: what a form alone does not say."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, get_args

from services.notifications.policy.ladder import Event, Ladder, Rung, Severity, clock

Path = tuple[str | int, ...]


class WrongThing(NamedTuple):
    """Something wrong with a part of the ladder."""

    path: Path
    problem: str
    remedy: str


def wrongs(ladder: Ladder) -> Iterator[WrongThing]:
    """Everything that makes no sense."""
    yield from _codes(ladder)
    yield from _hours(ladder)
    yield from _offsets(ladder)
    yield from _parents(ladder)
    yield from _unheard(ladder)


def _codes(ladder: Ladder) -> Iterator[WrongThing]:
    places: list[tuple[Path, str]] = [
        ((name, n, "code"), rung.code)
        for name in ("staff", "parents", "safety", "findings")
        for n, rung in enumerate(getattr(ladder, name))
    ]
    often = Counter(code for _, code in places)
    for path, code in places:
        if often[code] > 1:
            yield WrongThing(path, "Two steps have this code.", "Give each step its own.")


def _hours(ladder: Ladder) -> Iterator[WrongThing]:
    hours = ladder.quiet_hours
    if hours.since == hours.until:
        yield WrongThing(("quiet_hours",), "They have no length.", "Let them end later.")
    if clock(ladder.digest_at) in hours:
        remedy = "Let the digest go out when they are over."
        yield WrongThing(("digest_at",), "It lies in the quiet hours.", remedy)
    if both := set(ladder.days.off) & set(ladder.days.work):
        day = min(both).isoformat()
        yield WrongThing(("days",), f"{day} is a day off and a working day.", "Keep one.")


def _offsets(ladder: Ladder) -> Iterator[WrongThing]:
    for name in ("staff", "parents"):
        rungs: tuple[Rung, ...] = getattr(ladder, name)
        for n, rung in enumerate(rungs):
            path = (name, n, "offset_days")
            if rung.at == "due" and rung.offset_days > 0:
                remedy = "Use `at: overdue` for what comes after."
                yield WrongThing(path, "A reminder does not come after the due day.", remedy)
            if rung.at == "due" and rung.offset_days < -20:
                remedy = "Remind 20 days before at most."
                yield WrongThing(path, "This is too long before.", remedy)
            if rung.at != "due" and rung.offset_days < 0:
                remedy = "Use `at: due` for what comes before."
                yield WrongThing(path, "Nothing is known of it beforehand.", remedy)
            if rung.at in ("overdue", "escalated") and rung.offset_days > 0:
                remedy = "Count days from the miss: `at: missed`."
                yield WrongThing(path, "Whether it was met by then is not told.", remedy)


def _parents(ladder: Ladder) -> Iterator[WrongThing]:
    for n, rung in enumerate(ladder.parents):
        if "accountable" in rung.to:
            remedy = "Name a role, such as class_teacher."
            problem = "Nobody of the staff is accountable for what a parent owes."
            yield WrongThing(("parents", n, "to"), problem, remedy)


def _unheard(ladder: Ladder) -> Iterator[WrongThing]:
    """Nothing that happens to a child may be left without somebody who hears it at once."""
    for event in get_args(Event):
        rungs = [rung for rung in ladder.safety if rung.on == event]
        grave = {"serious", "critical", "fatal"} if event == "incident" else {None}
        for severity in grave:
            at_once = [
                rung
                for rung in rungs
                if rung.urgency == "now" and (not rung.severity or severity in rung.severity)
            ]
            if not at_once:
                named = f"{event} ({severity})" if severity else event
                remedy = "Add a step for it with `urgency: now`."
                yield WrongThing(("safety",), f"Nobody hears at once of {named}.", remedy)
    for n, safety in enumerate(ladder.safety):
        if "accountable" in safety.to:
            remedy = "Use care_team, or name a role."
            yield WrongThing(("safety", n, "to"), "Nobody is accountable for an event.", remedy)
        if safety.severity and safety.on != "incident":
            remedy = "Leave it out."
            problem = "Only incidents have a severity."
            yield WrongThing(("safety", n, "severity"), problem, remedy)
    known = {
        s for r in ladder.safety if r.on == "incident" for s in r.severity or get_args(Severity)
    }
    if missing := sorted(set(get_args(Severity)) - known):
        told = ", ".join(missing)
        yield WrongThing(("safety",), f"Nobody hears of incidents: {told}.", "Add a step.")
