"""`/metrics` says when the clock may declare nothing, and by how much two clocks differ."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI

from tests.casefile.api.calling import caller
from tests.casefile.sweeping.skewed import make_skewed, skew
from tests.casefile.world import NOW, context
from tests.servers import Database, Template


@pytest.fixture(scope="module")
def database(template: Template) -> Iterator[Database]:
    with template.clone() as fresh:
        make_skewed(fresh.admin)
        yield fresh


@pytest.fixture
def turned(database: Database) -> Iterator[timedelta]:
    ahead = timedelta(days=3)
    skew(database.admin, ahead)
    yield ahead
    skew(database.admin, timedelta())


def gauges(app: FastAPI) -> dict[str, float]:
    text = caller(app, "operator").get("/metrics").text
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
    return {name: float(value) for name, value in lines}


def test_two_clocks_that_agree_hold_nothing(app: FastAPI):
    found = gauges(app)

    assert abs(found["casefile_database_clock_ahead_seconds"]) < 60
    assert found["casefile_clock_held"] == 0


def test_a_database_that_is_days_ahead_holds_the_clock(app: FastAPI, turned: timedelta):
    found = gauges(app)

    assert abs(found["casefile_database_clock_ahead_seconds"] - turned.total_seconds()) < 60
    assert found["casefile_clock_held"] == 1


def test_time_before_a_closed_day_holds_the_clock(app: FastAPI, product):
    product.casefile.close_day((NOW + timedelta(days=2)).date(), context(source="system"))
    product.rulebooks.fresh()

    assert gauges(app)["casefile_clock_held"] == 1
