"""What `/metrics` says of time: whether the clock can believe it, and by how much two clocks differ."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from services.casefile.api.product import Product
from services.casefile.domain.cadence.days import end_of
from services.casefile.readmodels.pages import Pool

MOMENT = b"SELECT clock_timestamp()"


class Gauge(NamedTuple):
    """One number with its name and its help."""

    name: str
    help: str
    value: float


def time_gauges(product: Product, pool: Pool) -> Iterator[Gauge]:
    """Seen from the machine of this process."""
    with pool.connection() as connection:
        row = connection.execute(MOMENT).fetchone()
    assert row is not None
    moment: datetime = row[0]
    yield Gauge(
        "casefile_database_clock_ahead_seconds",
        "By how much the database's clock is ahead of this machine's.",
        product.time_check.ahead(moment).total_seconds(),
    )
    yield Gauge(
        "casefile_clock_held",
        "1 when the clock declares nothing, because time went back or cannot be believed.",
        product.time_check.doubt(moment) is not None or is_behind(product),
    )


def is_behind(product: Product) -> bool:
    """Whether time is before the end of a day that was closed."""
    closed = product.rulebooks.current().closed_until
    return closed is not None and product.clock() < end_of(closed)
