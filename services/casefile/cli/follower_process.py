"""The follower process: keeps the read models up with the log until told to stop."""

import gc
import signal
from threading import Event
from types import FrameType

from services.casefile.composition import Parts, read_models
from services.casefile.embedded import Provisioned
from services.casefile.following import Following, Upkeep
from services.casefile.log_config import configure_logging
from services.casefile.settings import Settings


def follow(settings: Settings, parts: Parts, addresses: Provisioned) -> None:
    configure_logging(settings.log_format)
    stop = Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told)
    spare_the_collector()
    models = read_models(parts)
    Upkeep(addresses.app, parts.recorder, parts.mapper, models).prepare()
    Following(addresses.app, parts.recorder, parts.mapper, models).run(stop)


def spare_the_collector() -> None:
    """Rows by the hundred thousand and no cycles: walking them again and again gains nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
