"""Pins a question about many children to one place of the log, so that it can be asked again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from services.casefile.domain.cadence.days import CHINA, day_in_china
from services.casefile.domain.refusals import Absent, Invalid
from services.casefile.log.recorder import CasefileRecorder

SECOND = timedelta(seconds=1)


class NothingOnFileYet(Absent):
    """The log held nothing at that moment yet."""

    remedy = "Ask for a later day, or leave it out to ask for now."


class CutAhead(Invalid):
    """That day or place lies ahead: nobody can know yet what the files will say."""

    remedy = "Give today or an earlier day (Asia/Shanghai), and a position the log has reached."


class Pinned(msgspec.Struct, frozen=True):
    """A place on both clocks and in the log. Asked again with these three, the answer is the same.

    Only events up to `position` are read; `known_at` is the moment at which the windows are
    judged, to the second.
    """

    as_of: date
    position: int
    known_at: datetime


class Pinning:
    """Resolves what was asked for, once: whatever is appended meanwhile changes nothing."""

    def __init__(self, recorder: CasefileRecorder, clock: Callable[[], datetime]) -> None:
        self._recorder = recorder
        self._clock = clock

    def pin(
        self,
        as_of: date | None = None,
        known_at: datetime | None = None,
        position: int | None = None,
    ) -> Pinned:
        """What is not given is the latest; a moment and a position together have both to hold."""
        head, moment = self._recorder.watermark()
        now = whole_second(max(self._clock(), moment))
        if known_at is not None and day_in_china(known_at) == day_in_china(now):
            # A bare day means its end, which today is now.
            known_at = min(known_at, now)
        refuse_ahead("known_at", known_at, now)
        refuse_ahead("as_of", as_of, day_in_china(now))
        refuse_ahead("position", position, head)
        place, recorded_at = self._place(head, known_at, position)
        if position is not None and known_at is None:
            known_at = whole_second(recorded_at)
        moment = (known_at or now).astimezone(CHINA)
        day = as_of or day_in_china(moment)
        refuse_ahead("as_of", day, day_in_china(moment))
        return Pinned(day, place, moment)

    def _place(
        self, head: int, known_at: datetime | None, position: int | None
    ) -> tuple[int, datetime]:
        place = head if position is None else position
        found = (
            self._recorder.place(place)
            if known_at is None
            else self._recorder.place_at(known_at, place)
        )
        if found is None:
            raise NothingOnFileYet
        return found


def whole_second(moment: datetime) -> datetime:
    """The second a moment lies in, at its end: what is printed is then what was asked."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + SECOND


def refuse_ahead(field: str, asked: Any, latest: Any) -> None:
    if asked is not None and asked > latest:
        raise CutAhead(field)
