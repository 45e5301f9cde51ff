"""One window: a stretch of days in which something is owed, and when it is due, overdue, closed."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


class Window(NamedTuple):
    """All days are in China; `due_at` and `closes_at` are the first instants after them.

    `key` names the window within its rule and never changes: `2026-11`, `2026-W47`, `2026-S2`,
    `2026-2027-1`, `2026-2027-1:mid_term`, `2026-12-30`, a day for an interval, a record for a
    trigger. `nominal_days` is the length before the window was clipped to terms. `settled_from`:
    until then an earlier window may still move this one, which is not overdue or closed before;
    `grace_until` is then the last day on which it can be made up.
    """

    key: str
    starts_on: date
    ends_on: date
    due_on: date
    overdue_from: datetime
    closes_at: datetime
    nominal_days: int
    provisional: bool = False
    trigger: UUID | None = None
    due_at: datetime | None = None
    settled_from: datetime | None = None
    grace_until: date | None = None

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1
