"""A real API process: what it logs, how it stops, and that it keeps to its limits."""

import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from services.casefile.composition import Parts
from tests.casefile.api.calling import fresh_id, talk
from tests.casefile.api.served import Served, ask, served
from tests.casefile.cli.processes import waited
from tests.casefile.world import open_child
from tests.servers import Database

pytestmark = pytest.mark.process


def test_a_request_is_one_line_without_its_address(process: Served, case_id: UUID):
    request_id = fresh_id()
    path = f"/v1/cases/{case_id}/records/talk"
    with closing(process.connect()) as connection:
        answer = ask(connection, "POST", path, talk(), X_Request_ID=request_id)

    [line] = waited(
        lambda: [line for line in process.log_lines() if line.get("request_id") == request_id]
    )
    assert answer.headers["x-request-id"] == request_id
    assert line.keys() == {
        "event", "level", "timestamp", "method", "route", "status", "ms", "actor", "role",
        "request_id",
    }  # fmt: skip
    assert line["event"] == "request_answered"
    assert line["route"] == "/v1/cases/{case_id}/records/{kind}"
    assert (line["status"], line["actor"], line["role"]) == (201, "t-101", "teacher")
    assert str(case_id) not in process.log.read_text()


def test_a_request_id_that_could_be_a_name_is_replaced(process: Served):
    with closing(process.connect()) as connection:
        answer = ask(connection, "GET", "/v1/me", X_Request_ID="13900917364")

    assert answer.headers["x-request-id"] != "13900917364"


def test_probes_answer_and_are_not_logged(process: Served):
    with closing(process.connect()) as connection:
        alive = ask(connection, "GET", "/livez")
        ready = ask(connection, "GET", "/readyz")
        head = ask(connection, "HEAD", "/readyz")

    assert (alive.status, ready.status, head.status) == (200, 200, 200)
    assert ready.json()["checks"] == {"log": "ok", "keyring": "ok"}
    assert not [line for line in process.log_lines() if line.get("route") == "/livez"]


def test_who_polls_the_feed_is_logged_only_when_something_is_wrong(process: Served):
    wrong = fresh_id()
    with closing(process.connect()) as connection:
        polled = ask(connection, "GET", "/v1/feed?limit=1", name="service")
        refused = ask(connection, "GET", "/v1/feed?limit=0", name="service", X_Request_ID=wrong)

    [line] = waited(
        lambda: [line for line in process.log_lines() if line.get("route") == "/v1/feed"]
    )
    assert (polled.status, refused.status) == (200, 422)
    assert (line["request_id"], line["status"]) == (wrong, 422)


def test_many_connections_are_answered_at_once(process: Served, product: Parts):
    children = [open_child(product) for _ in range(16)]

    def record(number: int) -> int:
        path = f"/v1/cases/{children[number % 16]}/records/talk"
        with closing(process.connect()) as connection:
            return ask(connection, "POST", path, talk()).status

    with ThreadPoolExecutor(32) as callers:
        statuses = set(callers.map(record, range(192)))

    assert statuses == {201}
    streams = [product.recorder.stream(child) for child in children]
    assert [len([row for row in rows if row[1] == "TalkHeld"]) for rows in streams] == [12] * 16


def test_it_stops_when_told_to(database: Database, secrets: Path, product: Parts):
    with served(database, secrets) as running:
        status = running.stop()

    said = [line["event"] for line in running.log_lines()]
    assert status in (0, -signal.SIGTERM)
    assert "Application shutdown complete." in said
    assert {line["level"] for line in running.log_lines()} == {"info"}
