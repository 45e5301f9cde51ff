"""Facts that hold from a day on: keyed by that day, so that any other day can be asked for."""

from datetime import date
from typing import Any

from services.casefile.domain.facts import Facts, under


def dated(facts: Facts, prefix: str, day: date) -> Any:
    """The value that holds on a day, among the facts `<prefix>.<ISO day it holds from>`."""
    stated = under(facts, prefix)
    days = [since for since in stated if since <= day.isoformat()]
    return stated[max(days)].value if days else None
