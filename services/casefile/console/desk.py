"""What the pages read from: the wired product, the lists, and how far the lists have followed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from services.casefile.api.product import Product
from services.casefile.api.roster import Names
from services.casefile.application.clock import day_in_china
from services.casefile.console.notices import Notices
from services.casefile.following.whereabouts import FollowerStatus, Whereabouts
from services.casefile.readmodels.backfill import Backfill
from services.casefile.readmodels.pages import Pool, fetch

if TYPE_CHECKING:
    from services.casefile.console.waiting import Workshops

UNITS = "SELECT code, name FROM readmodels.units"
RECORDED = """SELECT recorded_at FROM casefile.stored_events
WHERE notification_id <= %s ORDER BY notification_id DESC LIMIT 1"""
NAMES_KEPT = 60.0


class Currency(msgspec.Struct, frozen=True):
    """How current a list is: the place in the log it has seen, and when that was recorded."""

    position: int
    head: int
    recorded_at: datetime | None
    parked: int

    @property
    def behind(self) -> int:
        return max(0, self.head - self.position)


class Desk:
    """Everything a page may ask; it changes nothing but through the application."""

    def __init__(
        self, product: Product, pool: Pool, notices: Notices, workshops: "Workshops"
    ) -> None:
        self.product = product
        self.pool = pool
        self.notices = notices
        self.workshops = workshops
        self._units: dict[str, str] = {}
        self._units_until = 0.0
        self._lock = Lock()

    @property
    def now(self) -> datetime:
        return self.product.clock()

    @property
    def today(self) -> date:
        return day_in_china(self.now)

    @cached_property
    def names(self) -> Names:
        return Names(self.product.keyring)

    @cached_property
    def backfill(self) -> Backfill:
        """Remembers the last panels, since pages of one are asked for after each other."""
        return Backfill(self.pool)

    @cached_property
    def whereabouts(self) -> Whereabouts:
        return Whereabouts(self.pool)

    def followers(self) -> list[FollowerStatus]:
        """The editions that answer."""
        return [f for f in self.whereabouts.status() if f.state == "active"]

    def currency(self, models: Sequence[str]) -> Currency:
        """Of several lists the one that is furthest behind."""
        found = [f for f in self.followers() if f.name in models]
        position = min((f.position for f in found), default=0)
        rows = fetch(self.pool, RECORDED, [position], lambda moment: moment)
        return Currency(
            position=position,
            head=max((f.head for f in found), default=0),
            recorded_at=rows[0] if rows else None,
            parked=sum(f.parked for f in found),
        )

    def unit_name(self, code: str) -> str | None:
        """What the unit is called; read again each minute, for units are renamed."""
        return self.unit_names().get(code)

    def unit_names(self) -> Mapping[str, str]:
        if monotonic() >= self._units_until:
            self._read_units()
        return self._units

    def rule_title(self, policy: str, code: str) -> str | None:
        rulings = self.product.rulebooks.current().rulings
        found = (r for r in reversed(rulings) if r.policy.policy == policy and r.rule.code == code)
        return next((ruling.rule.title for ruling in found), None)

    def _read_units(self) -> None:
        with self._lock:
            self._units = dict(fetch(self.pool, UNITS, [], lambda *row: row))
            self._units_until = monotonic() + NAMES_KEPT
