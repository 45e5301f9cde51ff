"""What `casefile doctor` looks at in the clock: how far it is, what time it takes it to be, and
whether anything waits for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.casefile.cli.check import Check
from services.casefile.composition import Parts
from services.casefile.domain.cadence.days import ONE, day_in_china, end_of
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.following import Whereabouts
from services.casefile.readmodels.obligation_board import ObligationBoard
from services.casefile.readmodels.pages import open_pool
from services.casefile.rulebooks.time_check import DatabaseClockAhead, TimeCheck, TimeDoubted

BOARD = "obligations"
PATIENCE = 600
START = "Start `casefile clock`; it makes up for the days it was away."


def clock_checks(parts: Parts, conninfo: str, ahead_days: int) -> Iterator[Check]:
    _, moment = parts.recorder.watermark()
    now = moment + timedelta(days=ahead_days)
    if ahead_days:
        remedy = "Unset CASEFILE_CLOCK_AHEAD_DAYS, unless this is a rehearsal."
        yield Check("time", False, f"{ahead_days} days ahead of the database", remedy)
    yield agreement(parts.time_check, moment)
    yield clock(parts.rulebooks.fresh(), now, parts.time_check.doubt(moment))
    yield from undecided(conninfo, now)


def agreement(check: TimeCheck, moment: datetime) -> Check:
    """Behind is unwell too: what was entered in time would seem to be, and what was not."""
    ahead = check.ahead(moment)
    finding = f"the database is {ahead.total_seconds():+.0f} s ahead of this machine"
    is_well = abs(ahead) <= check.bounds.disagreement
    remedy = "" if is_well else DatabaseClockAhead.remedy
    return Check("the two clocks", is_well, finding, remedy)


def clock(rulebook: Rulebook, now: datetime, doubt: TimeDoubted | None) -> Check:
    if doubt is not None:
        return Check("clock", False, str(doubt), doubt.remedy)
    closed = rulebook.closed_until
    if closed is None:
        is_needed = bool(rulebook.rulings)
        return Check("clock", not is_needed, "has closed no day yet", START if is_needed else "")
    if now < end_of(closed):
        remedy = "Look at the database's clock; nothing is declared until it has passed that day."
        return Check("clock", False, f"time is before the end of {closed}, which is closed", remedy)
    behind = (day_in_china(now) - closed - ONE).days
    finding = f"all days until {closed} are closed"
    return Check("clock", behind == 0, f"{finding}; {behind} behind", START if behind else "")


def undecided(conninfo: str, now: datetime) -> Iterator[Check]:
    """What the board says is past its close and has no outcome; nothing while there is no board."""
    with open_pool(conninfo, size=1) as pool:
        if BOARD not in {
            each.name for each in Whereabouts(pool).status() if each.state == "active"
        }:
            return
        found = ObligationBoard(pool).undecided(now)
    finding = f"{found.count} past their close, the oldest for {found.oldest_seconds:.0f} s"
    is_well = found.oldest_seconds < PATIENCE
    yield Check("undecided obligations", is_well, finding, "" if is_well else START)
