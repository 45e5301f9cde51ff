"""How tests read what a page gives as a file."""

from datetime import timedelta
from typing import Any

from services.casefile.application.clock import day_in_china, system_clock
from tests.console.addresses import filled
from tests.console.asking import Somebody
from tests.console.county import County


def address(view: str, county: County) -> str:
    return filled(view, county)


def tables(somebody: Somebody, path: str) -> dict[str, list[dict[str, Any]]]:
    answer = somebody.get(path)
    assert answer.status_code == 200, answer.text
    return {table["name"]: table["rows"] for table in answer.json()["tables"]}


def days_ago(days: int) -> str:
    return str(day_in_china(system_clock()) - timedelta(days))
