"""When somebody may be told: at once, after quiet hours, or in the morning's digest."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.notifications.policy.days import CHINA, ONE, WorkingDays, at, day_in_china
from services.notifications.policy.intent import Urgency
from services.notifications.policy.ladder import Ladder, clock
from services.notifications.policy.people import Person


class Moment(NamedTuple):
    """How a notice goes out, and not before when."""

    urgency: Urgency
    not_before: datetime


class Timing:
    """The hours of a ladder, for any person."""

    def __init__(self, ladder: Ladder) -> None:
        self._ladder = ladder
        self.working_days = WorkingDays(ladder.days.off, ladder.days.work)

    def moment(
        self, person: Person, urgency: Urgency, now: datetime, day: date, told_today: int = 0
    ) -> Moment:
        """When a notice that is wanted from `day` on goes out.

        At once only if that is today, the person is at work, is not to be left in peace, and
        was not told much at once today.
        """
        may_be_told = told_today < self._ladder.at_once_per_day and self.may_disturb(person, now)
        if urgency == "now" and day <= day_in_china(now) and may_be_told:
            return Moment("now", now)
        return Moment("digest", self.next_digest(person, now, day))

    def may_disturb(self, person: Person, now: datetime) -> bool:
        """Whether a notice that is not about safety may go out at that moment."""
        here = now.astimezone(CHINA)
        return self._works(here.date()) and not person.is_quiet(here, self._ladder.quiet_hours)

    def next_allowed(self, person: Person, now: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours or days off it lies in."""
        if self.may_disturb(person, now):
            return now
        hours = person.quiet_hours(self._ladder.quiet_hours)
        day = day_in_china(now)
        morning = at(day, clock(hours.until))
        if morning <= now:
            morning = at(day + ONE, clock(hours.until))
        candidates = [morning, at(self._first_working(day + ONE), clock("00:00"))]
        for moment in sorted(candidates):
            if self.may_disturb(person, moment):
                return moment
        return at(self._first_working(day_in_china(morning)), clock(hours.until))

    def next_digest(self, person: Person, now: datetime, day: date | None = None) -> datetime:
        """The first digest of the person that is not over yet, on `day` or later.

        One that quiet hours put off into a day off is left out.
        """
        today = day_in_china(now)
        wanted = self._first_working(max(today, day or today))
        moment = self._digest(person, wanted)
        while moment < now or not self._works(moment.date()):
            wanted = self._first_working(wanted + ONE)
            moment = self._digest(person, wanted)
        return moment

    def reminder_day(self, due_on: date, offset_days: int) -> date:
        """A reminder is for a working day, so one that falls on a day off comes before it."""
        day = due_on + timedelta(days=offset_days)
        return self.working_days.on_or_before(day) if self._ladder.working_days_only else day

    def _digest(self, person: Person, day: date) -> datetime:
        """Its hour on that day; one that lies in the person's quiet hours waits for their end."""
        moment = at(day, person.digest_at or clock(self._ladder.digest_at))
        hours = person.quiet_hours(self._ladder.quiet_hours)
        if moment.time() not in hours:
            return moment
        end = at(day, clock(hours.until))
        return end if end >= moment else end + ONE

    def _works(self, day: date) -> bool:
        return not self._ladder.working_days_only or day in self.working_days

    def _first_working(self, day: date) -> date:
        return self.working_days.on_or_after(day) if self._ladder.working_days_only else day
