"""What one pass of the clock found and did."""

from datetime import date, datetime

import msgspec

from services.casefile.domain.cadence.days import end_of
from services.casefile.sweeping.swept import Swept


class Pass(msgspec.Struct):
    """`is_behind`: time is before the end of a day that was closed, so nothing was declared."""

    now: datetime
    closed_until: date | None
    days: list[date] = msgspec.field(default_factory=list)
    swept: Swept = msgspec.field(default_factory=Swept)

    @property
    def is_behind(self) -> bool:
        return self.closed_until is not None and self.now < end_of(self.closed_until)

    def close(self, day: date) -> None:
        self.days.append(day)
        self.closed_until = day
