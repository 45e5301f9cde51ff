"""The clock process: declares what each day brought, all day long or once."""

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from threading import Event
from types import FrameType

import structlog

from services.casefile.cli.follower_process import spare_the_collector
from services.casefile.composition import Parts, obligation_models
from services.casefile.following import Following, Upkeep, Whereabouts
from services.casefile.log_config import configure_logging
from services.casefile.readmodels.pages import open_pool
from services.casefile.settings import Settings
from services.casefile.sweeping.clock import CONTEXT, Board, Clockwork
from services.casefile.sweeping.healing import judge_again
from services.casefile.sweeping.office import Report
from services.casefile.sweeping.status import Pass
from services.casefile.sweeping.sweeper import Sweeper

NEVER = Event()

log = structlog.get_logger(__name__)


def run(settings: Settings, parts: Parts, conninfo: str) -> None:
    """Until told to stop."""
    stop = Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told)
    with clockwork(settings, parts, conninfo, stop) as clock:
        clock.run(stop)


def once(
    settings: Settings, parts: Parts, conninfo: str, report: Report, *, is_trusted: bool
) -> Pass:
    """One pass, and what it did."""
    with clockwork(settings, parts, conninfo, is_trusted=is_trusted) as clock:
        return clock.once(report)


@contextmanager
def clockwork(
    settings: Settings,
    parts: Parts,
    conninfo: str,
    stop: Event = NEVER,
    *,
    is_trusted: bool = False,
) -> Iterator[Clockwork]:
    """The clock, once its board is built and the working days are on file."""
    configure_logging(settings.log_format)
    if settings.clock_ahead_days:
        log.warning("clock_is_ahead", count=settings.clock_ahead_days)
    spare_the_collector()
    models = obligation_models(parts)
    if Upkeep(conninfo, parts.recorder, parts.mapper, models).prepare():
        # A new release may read what the last one could not.
        judge_again(parts, conninfo)
    year = parts.clock().year
    parts.casefile.load_official_days((year, year + 1), CONTEXT)
    ahead = timedelta(days=settings.clock_ahead_days)
    following = Following(conninfo, parts.recorder, parts.mapper, models, stop=stop)
    with open_pool(conninfo, size=2) as pool:
        board = Board(parts.recorder, following, Whereabouts(pool))
        with closing(board):
            yield Clockwork(
                parts,
                board,
                Sweeper(parts, conninfo),
                time=lambda moment: moment + ahead,
                is_trusted=is_trusted,
            )
