"""Fills an empty log with the demo county."""

from collections.abc import Callable
from typing import Any

import msgspec
import psycopg

from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.composition import opened
from services.casefile.demo.events import Encoder
from services.casefile.demo.loading import Loader
from services.casefile.demo.loading import is_empty as log_is_empty
from services.casefile.embedded import Provisioned
from services.casefile.settings import Settings


def is_empty(addresses: Provisioned) -> bool:
    with psycopg.connect(addresses.app) as connection:
        return log_is_empty(connection)


def fill(
    settings: Settings,
    addresses: Provisioned,
    children: int,
    seed: int,
    report: Callable[[int, int], None],
) -> dict[str, Any]:
    """Load the county and say what it consists of."""
    today = day_in_china(system_clock())
    with opened(settings, addresses) as parts:
        loader = Loader(Encoder(parts.catalogue, parts.mapper), parts.keyring, parts.identities)
        summary = loader.load(addresses.owner, seed, children, today, report)
    return msgspec.structs.asdict(summary)
