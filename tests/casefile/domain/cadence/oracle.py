"""What is owed, worked out as on paper: line by line and day by day, from the sentences alone.

A small world: one child, one rule through its versions, every month, every week or every so many
days. A line of the paper says when it was written, on which day it happened, and what.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any, NamedTuple

DAY = timedelta(days=1)
CHINA = timezone(timedelta(hours=8))


class Line(NamedTuple):
    """`what`: open, talk, move, strike, level, worker, waive."""

    at: datetime
    what: str
    day: date
    id: Any = None
    value: Any = None


@dataclass(frozen=True)
class Spec:
    """One version of the rule. `every`: month, week or a number of days."""

    version: int
    since: date
    known_on: date
    every: Any = "month"
    from_last: bool = True
    least: int = 1
    grace: int = 0
    deadline: int = 7
    level: str | None = None


@dataclass(frozen=True)
class Win:
    spec: Spec
    key: str
    start: date
    end: date
    nominal: int
    overdue: datetime
    close: datetime

    @property
    def make_up(self) -> date:
        return self.end + self.spec.grace * DAY


class Said(NamedTuple):
    """A declaration: what, of which window, dated when, who is accountable, by what."""

    what: str
    version: int
    key: str
    day: date
    who: str | None
    proofs: frozenset[Any] = frozenset()


def start_of_day(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def midnight_after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA) + DAY


class Oracle:
    def __init__(self, lines: list[Line], specs: list[Spec], now: datetime) -> None:
        self.lines, self.specs, self.now = lines, specs, now
        self.held, self.counted = cache(self.held), cache(self.counted)  # or it takes for ever
        self.windows: list[Win] = []
        for window in self._laid_out():
            self.windows.append(window)

    # What was known when the first n lines were written.

    def written_before(self, moment: datetime) -> int:
        return sum(line.at < moment for line in self.lines)

    def value(self, what: str, day: date, n: int) -> Any:
        told = [(x.day, i) for i, x in enumerate(self.lines[:n]) if x.what == what and x.day <= day]
        return self.lines[max(told)[1]].value if told else None

    def talks(self, n: int) -> list[tuple[date, int, Any]]:
        """Those that stand, by their day as it was last corrected."""
        days: dict[Any, tuple[date, int, Any]] = {}
        for i, line in enumerate(self.lines[:n]):
            if line.what == "talk":
                days[line.id] = (line.day, i, line.id)
            elif line.what == "move" and line.id in days:
                days[line.id] = (line.day, *days[line.id][1:])
            elif line.what == "strike":
                days.pop(line.id, None)
        return sorted(days.values())

    def asks(self, spec: Spec, day: date, n: int) -> bool:
        is_open = self.value("open", day, n) is not None
        return is_open and spec.level in (None, self.value("level", day, n))

    def standing(self, w: Win, n: int) -> str | None:
        days = [w.start + i * DAY for i in range((w.end - w.start).days + 1)]
        asked = [day for day in days if self.asks(w.spec, day, n)]
        if not asked:
            return None
        if days[-1] not in asked or 3 * len(asked) < w.nominal:
            return "not_due"
        waived = (x for x in self.lines[:n] if x.what == "waive" and x.day <= w.end <= x.value)
        return "waived" if any(waived) else "owed"

    # The windows of the rule.

    def _laid_out(self) -> Any:
        today = self.now.astimezone(CHINA).date()
        opened = next(line.day for line in self.lines if line.what == "open")
        start, settled = max(self.specs[0].since, opened), None
        for place, spec in enumerate(self.specs):
            later = self.specs[place + 1 :]
            until = min(later[0].since if later else date.max, today + DAY)
            if isinstance(spec.every, int):
                start = max(start, spec.since)
                while start < until:
                    end = start + (spec.every - 1) * DAY
                    w = self._window(spec, start.isoformat(), start, end, spec.every, settled)
                    start = end + DAY
                    if end >= spec.known_on:
                        yield w
                        if spec.from_last:
                            start, settled = self._done(w) + DAY, w.close
                continue
            day, first = spec.since, place == 0
            if not first:
                while first_of(spec.every, day) != day:
                    day += DAY
            while day < until:
                begin, end = first_of(spec.every, day), last_of(spec.every, day)
                nominal, rest = (end - begin).days + 1, (end - day).days + 1
                if end >= spec.known_on and 3 * rest >= nominal:
                    yield self._window(spec, key_of(spec.every, day), day, end, nominal)
                day = end + DAY

    def _window(self, spec, key, start, end, nominal, settled=None) -> Win:
        overdue = midnight_after(end + spec.grace * DAY)
        close = midnight_after(end + max(spec.grace, spec.deadline) * DAY)
        settled = settled or start_of_day(start)
        return Win(spec, key, start, end, nominal, max(overdue, settled), max(close, settled))

    def _done(self, w: Win) -> date:
        """The day of the last proof as it was known at the close; or else the last day."""
        days = {name: day for day, _, name in self.talks(self.cut(w))}
        found = self.counted(w, self.cut(w))
        return max(days[name] for name in found) if len(found) >= w.spec.least else w.end

    # What counts in which window.

    def cut(self, w: Win) -> int:
        return self.written_before(min(w.close, self.now + DAY))

    def counted(self, w: Win, n: int) -> tuple[Any, ...]:
        earlier = self.windows[: self.windows.index(w)] if w in self.windows else self.windows
        near = [v for v in earlier if v.make_up >= w.start]
        taken = {name for v in near for name in self.held(v, n)}
        free = [t for t in self.talks(n) if w.start <= t[0] <= w.make_up and t[2] not in taken]
        if n > self.cut(w):
            had = self.held(w, n - 1)
            free = [t for t in free if t[2] in had or t[0] <= w.end]
            kept = [t for t in free if t[2] in had]
            free = kept if len(kept) >= w.spec.least else free
        return tuple(name for _, _, name in free[: w.spec.least])

    def held(self, w: Win, n: int) -> tuple[Any, ...]:
        """What counts for this window and for no later one."""
        standing = self.standing(w, min(n, self.cut(w)))
        if standing in (None, "not_due") or (n > self.cut(w) and self.was_spared(w, standing)):
            return ()
        found = self.counted(w, n)
        days = {name: day for day, _, name in self.talks(n)}
        enough = len(found) >= w.spec.least
        return tuple(name for name in found if enough or days[name] <= w.end)

    def was_spared(self, w: Win, standing: str | None) -> bool:
        """It had not been done at its close and need not be: later truths belong elsewhere."""
        return standing == "waived" and len(self.counted(w, self.cut(w))) < w.spec.least

    # What has to be said, and what came of it.

    def of(self, w: Win) -> tuple[str | None, set[Said]]:
        cut, said = self.cut(w), set(self._overdue(w))
        standing = self.standing(w, cut)
        enough = [len(self.counted(w, n)) >= w.spec.least for n in range(cut, len(self.lines) + 1)]
        if standing in (None, "not_due"):
            return ("not_due" if standing or said else None), said
        if standing == "waived":
            return ("fulfilled" if enough[0] and enough[-1] else "waived"), said
        if all(enough):
            return "fulfilled", said
        if self.now < w.close:
            return "open", said
        missed = cut + enough.index(False)
        close = (w.close - DAY).date()
        said.add(Said("missed", w.spec.version, w.key, close, self.value("worker", w.end, missed)))
        said |= set(self._made_good(w, missed))
        return ("late" if enough[-1] else "missed"), said

    def _overdue(self, w: Win) -> Any:
        n = self.written_before(w.overdue)
        lacking = len(self.counted(w, n)) < w.spec.least and self.standing(w, n) == "owed"
        if w.overdue < w.close and self.now >= w.overdue and lacking:
            day, who = (w.overdue - DAY).date(), self.value("worker", w.end, n)
            yield Said("overdue", w.spec.version, w.key, day, who)

    def _made_good(self, w: Win, missed: int) -> Any:
        seen: set[frozenset[Any]] = set()
        for n in range(missed, len(self.lines) + 1):
            proofs = frozenset(self.counted(w, n))
            if len(proofs) >= w.spec.least and proofs not in seen:
                seen.add(proofs)
                day = self.lines[n - 1].at.astimezone(CHINA).date()
                who = self.value("worker", w.end, self.cut(w))
                yield Said("fulfilled", w.spec.version, w.key, day, who, proofs)


def first_of(every: str, day: date) -> date:
    return day.replace(day=1) if every == "month" else day - day.weekday() * DAY


def last_of(every: str, day: date) -> date:
    following = day
    while first_of(every, following) == first_of(every, day):
        following += DAY
    return following - DAY


def key_of(every: str, day: date) -> str:
    return f"{day:%Y-%m}" if every == "month" else f"{day:%G-W%V}"
