"""Those who may be told: as the directory knows them, and who stands in for whom."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any

import msgspec

from services.notifications.policy.ladder import QuietHours


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """What the directory knows of a member of staff; what is not set is as the ladder has it.

    `channels`: `[{"channel": "smtp", "address": "…"}]`, the best first.
    """

    staff: str
    locale: str = "zh"
    channels: tuple[dict[str, Any], ...] = ()
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    stand_in: str | None = None

    def is_absent(self, day: date) -> bool:
        if self.absent_from is None or day < self.absent_from:
            return False
        return self.absent_until is None or day <= self.absent_until

    def is_quiet(self, moment: datetime, usual: QuietHours) -> bool:
        """Whether that moment, given as a time in China, lies in the person's quiet hours."""
        return moment.time() in self.quiet_hours(usual)

    def quiet_hours(self, usual: QuietHours) -> QuietHours:
        return QuietHours(
            since=usual.since if self.quiet_from is None else f"{self.quiet_from:%H:%M}",
            until=usual.until if self.quiet_until is None else f"{self.quiet_until:%H:%M}",
        )


People = Mapping[str, Person]


def hearer(staff: str, people: People, day: date, hidden: Collection[str] = ()) -> str | None:
    """Who hears it on that day: the person, or while absent the first who stands in and is there.

    Nobody of `hidden` ever hears it. Where standing in leads in a circle or to nobody, it
    stays with the person, who finds it on coming back.
    """
    mine = None if staff in hidden else staff
    seen, now = {staff}, staff
    while (known := people.get(now)) is not None and known.is_absent(day):
        if known.stand_in is None or known.stand_in in seen:
            return mine
        now = known.stand_in
        seen.add(now)
    return mine if now in hidden else now
