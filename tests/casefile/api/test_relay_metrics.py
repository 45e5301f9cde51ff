"""How far the relay is, for whoever watches."""

import psycopg
from fastapi import FastAPI

from services.casefile.composition import Parts
from services.casefile.following import relayed
from services.casefile.following.lease import session
from tests.casefile.api.calling import caller
from tests.servers import Database


def gauges(app: FastAPI) -> dict[str, float]:
    text = caller(app, "operator").get("/metrics").text
    lines = [line for line in text.splitlines() if line.startswith("casefile_relay_")]
    return {name: float(value) for name, _, value in (line.partition(" ") for line in lines)}


def test_where_nothing_is_relayed_nothing_is_said(app: FastAPI):
    assert gauges(app) == {}


def test_position_lag_and_age_of_what_is_not_published(
    app: FastAPI, database: Database, product: Parts
):
    head = product.recorder.head()
    with session(database.app, "test", {}) as link:
        tenure = relayed.take(link, "events")
        relayed.save(link, tenure, head - 3)
        behind = gauges(app)
        relayed.hold(link, "events", "topic-behind")
        held = gauges(app)['casefile_relay_held{topic="events"}']
        relayed.save(link, tenure, head)
        level = gauges(app)

    assert behind['casefile_relay_position{topic="events"}'] == head - 3
    assert behind['casefile_relay_lag{topic="events"}'] == 3
    assert behind['casefile_relay_oldest_unpublished_seconds{topic="events"}'] > 0
    assert behind['casefile_relay_silent_seconds{topic="events"}'] >= 0
    assert (behind['casefile_relay_held{topic="events"}'], held) == (0, 1)
    assert level['casefile_relay_lag{topic="events"}'] == 0
    assert level['casefile_relay_oldest_unpublished_seconds{topic="events"}'] == 0


def test_a_relay_of_an_older_term_moves_nothing(database: Database):
    with session(database.app, "test", {}) as link:
        older = relayed.take(link, "other")
        newer = relayed.take(link, "other")

        assert not relayed.save(link, older, 5)
        assert relayed.save(link, newer, 7)
    with psycopg.connect(database.app) as connection:
        query = "SELECT position, term FROM casefile.relay WHERE topic = 'other'"
        assert connection.execute(query).fetchone() == (7, 2)
