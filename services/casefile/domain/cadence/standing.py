"""Whether a window is owed at all: enough days of it, and its last one."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.conditions import Day, is_asked, is_suspended
from services.casefile.domain.cadence.known import View
from services.casefile.domain.cadence.obligation import Why
from services.casefile.domain.cadence.rulebook import Ruling, Units
from services.casefile.domain.cadence.shapes import Span
from services.casefile.domain.cadence.unit_conditions import unit_is_asked
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.cadence.windows import too_short
from services.casefile.domain.families.obligation import ObligationWaived


class Standing(NamedTuple):
    """Owed, unless something stands against it."""

    why: Why | None = None
    is_suspended: bool = False
    waiver: UUID | None = None

    @property
    def is_owed(self) -> bool:
        return self.why is None and not self.is_suspended and self.waiver is None


class Asked(NamedTuple):
    """Whether a rule asks for anything on a day, and whether it rests."""

    is_asked: bool
    is_suspended: bool


class Standings:
    """Asks whether windows are owed, and remembers the answer for days on which nothing changed."""

    def __init__(self, stream: str, units: Units) -> None:
        self._is_unit = stream == "unit"
        self._units = units

    def standing(
        self, ruling: Ruling, span: Span | None, window: Window, view: View, version: int
    ) -> Standing | None:
        """How it stands with a window by a version; None when it was never asked for."""
        if window.trigger is not None:
            if window.trigger not in view.ids:
                return None
            asked = self.asked(ruling, span, window.starts_on, view, version)
            days = free = window.days if asked.is_asked else 0
            last = Asked(asked.is_asked, self._rests(ruling, window.ends_on, view, version))
        else:
            days, free, last = self._days(ruling, span, window, view, version)
        if days == 0:
            return None
        if not last.is_asked:
            return Standing("ended_early")
        if too_short(days, window.nominal_days):
            return Standing("began_late")
        suspended = last.is_suspended or too_short(free, window.nominal_days)
        return Standing(None, suspended, waived_by(ruling, window, view, version))

    def asked(
        self, ruling: Ruling, span: Span | None, day: date, view: View, version: int
    ) -> Asked:
        segment = bisect_right(view.days, day)
        key = (id(ruling), span, segment, min(version, view.last_statement))
        known: Asked | None = view.memo.get(key)
        if known is None:
            known = view.memo[key] = self._ask(ruling, span, Day(view, day, version))
        return known

    def _days(
        self, ruling: Ruling, span: Span | None, window: Window, view: View, version: int
    ) -> tuple[int, int, Asked]:
        """Days on which it was asked for, those of them that were free, and the last day."""
        days = free = 0
        asked = Asked(is_asked=False, is_suspended=False)
        for start, length in segments(view, window):
            asked = self.asked(ruling, span, start, view, version)
            days += length * asked.is_asked
            free += length * (asked.is_asked and not asked.is_suspended)
        return days, free, asked

    def _ask(self, ruling: Ruling, span: Span | None, on: Day) -> Asked:
        if self._is_unit:
            return Asked(unit_is_asked(ruling, on, self._units), is_suspended=False)
        asked = is_asked(ruling, span, on, self._units)
        return Asked(asked, asked and not ruling.rule.never_waivable and is_suspended(on))

    def _rests(self, ruling: Ruling, day: date, view: View, version: int) -> bool:
        if self._is_unit or ruling.rule.never_waivable:
            return False
        return is_suspended(Day(view, day, version))


def segments(view: View, window: Window) -> Iterator[tuple[date, int]]:
    """Stretches of the window within which nothing changes, by first day and length."""
    first = bisect_right(view.days, window.starts_on)
    after = bisect_right(view.days, window.ends_on)
    starts = [window.starts_on, *view.days[first:after]]
    for place, start in enumerate(starts):
        end = starts[place + 1].toordinal() if place + 1 < len(starts) else 0
        yield start, (end or window.ends_on.toordinal() + 1) - start.toordinal()


def waived_by(ruling: Ruling, window: Window, view: View, version: int) -> UUID | None:
    """The waiver, on file by then, that covers the window's last day."""
    if ruling.rule.never_waivable:
        return None
    for entry in view.by_kind.get("waiver", ()):
        waiver = entry.rec
        assert isinstance(waiver, ObligationWaived)
        is_of = (waiver.policy, waiver.rule) == (ruling.policy.policy, ruling.rule.code)
        covers = waiver.starts_on <= window.ends_on <= waiver.expires_on
        if is_of and covers and entry.version <= version:
            return entry.record_id
    return None
