"""One record as the statistics see it: who, for whom, and three days. Nothing of what it says."""

from collections.abc import Collection
from typing import Literal
from uuid import UUID

import msgspec

# So long may a device go without a network before its records count as entered late.
OFFLINE_DAYS = 15
LagClass = Literal["online", "offline", "imported"]


class Header(msgspec.Struct, frozen=True, gc=False):
    """Days are ordinals, by the calendar in China.

    `device_on`: when the device says it was written down. `village` and `township` are where the
    child lives.
    """

    worker: str
    unit: str
    role: str
    case_id: UUID
    kind: str
    source: str
    occurred_on: int
    recorded_on: int
    device_on: int | None = None
    village: str | None = None
    township: str | None = None

    @property
    def lag(self) -> int:
        return self.recorded_on - self.occurred_on

    @property
    def lag_class(self) -> LagClass:
        """A spreadsheet that was read in is a move from paper; a device may have been offline."""
        if self.source == "import":
            return "imported"
        if self.device_on is None or self.lag <= 1:
            return "online"
        waited = self.recorded_on - self.device_on
        return "offline" if 0 < waited <= OFFLINE_DAYS else "online"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Records entered from one day to another, both included.

    `announced_on`: the day an inspection was announced for; nobody need know of it.
    `days_off`: the officially announced days off.
    """

    since: int
    until: int
    announced_on: int | None = None
    days_off: Collection[int] = frozenset()
