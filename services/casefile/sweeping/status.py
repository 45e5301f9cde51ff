"""What one pass of the clock found and did."""

from datetime import date, datetime

import msgspec

from services.casefile.domain.cadence.days import end_of
from services.casefile.rulebooks.time_check import TimeDoubted
from services.casefile.sweeping.swept import Swept


class Pass(msgspec.Struct):
    """`is_behind`: time is before the end of a day that was closed, so nothing was declared.

    `doubt`: why the time cannot be believed, so that nothing was declared either.
    """

    now: datetime
    closed_until: date | None
    days: list[date] = msgspec.field(default_factory=list)
    doubt: TimeDoubted | None = None
    swept: Swept = msgspec.field(default_factory=Swept)

    @property
    def is_behind(self) -> bool:
        return self.closed_until is not None and self.now < end_of(self.closed_until)

    @property
    def is_held(self) -> bool:
        return self.is_behind or self.doubt is not None

    def close(self, day: date) -> None:
        self.days.append(day)
        self.closed_until = day
