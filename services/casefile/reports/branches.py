"""The units directly below a scope, to compare: towns of a county, schools and villages of a town."""

from collections.abc import Sequence
from datetime import date

from services.casefile.domain.cadence.obligation import Place
from services.casefile.reports.asking import Ground


def branch(ground: Ground, places: Sequence[str | None], day: date) -> str | None:
    """The unit one step below the scope that one of these places lies in; at the end, the scope."""
    chain = ground.at.units.chain
    for place in places:
        below = step_below(chain(place, day), ground.asked.unit) if place else None
        if below is not None:
            return below
    return None


def step_below(chain: Sequence[str], unit: str | None) -> str | None:
    if unit is None:
        return chain[-1]
    if unit not in chain:
        return None
    return chain[max(chain.index(unit) - 1, 0)]


def places_of(place: Place) -> Sequence[str | None]:
    """The nearest first."""
    return place.class_unit, place.school, place.village, place.unit
