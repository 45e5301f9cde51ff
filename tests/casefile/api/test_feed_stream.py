"""The feed as a stream of a real process: it goes on where it was, and many that wait cost little."""

import json
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.casefile.composition import Parts
from tests.casefile.api.calling import Caller, token
from tests.casefile.api.served import Served, ask, served
from tests.casefile.cli.processes import waited
from tests.servers import Database

pytestmark = pytest.mark.process
MANY = 200


@contextmanager
def stream(process: Served, after: int | None = None, query: str = "") -> Iterator[HTTPResponse]:
    headers = {"authorization": f"Bearer {token('service')}", "accept": "text/event-stream"}
    if after is not None:
        headers["last-event-id"] = str(after)
    with closing(process.connect()) as connection:
        connection.request("GET", f"/v1/feed{query}", headers=headers)
        with connection.getresponse() as response:
            yield response


def messages(response: HTTPResponse, count: int) -> list[tuple[int, dict[str, Any]]]:
    """The next messages of a stream, each with its id."""
    found: list[tuple[int, dict[str, Any]]] = []
    position = 0
    while len(found) < count:
        name, _, value = response.readline().decode().rstrip("\n").partition(": ")
        if name == "id":
            position = int(value)
        if name == "data":
            found.append((position, json.loads(value)))
    return found


def test_a_stream_gives_what_is_there_and_then_what_comes(
    process: Served, teacher: Caller, product: Parts, case_id: UUID
):
    head = product.recorder.head()

    with stream(process, query="?limit=5") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        old = messages(response, head)
        teacher.talk(case_id)
        [(position, new)] = messages(response, 1)

    assert [position for position, _ in old] == [int(m["position"]) for _, m in old]
    assert position == product.recorder.head()
    assert new["type"] == "casefile.talk-held.v1"


def test_it_goes_on_after_the_last_id(
    process: Served, teacher: Caller, product: Parts, case_id: UUID
):
    teacher.talk(case_id)
    head = product.recorder.head()

    with stream(process, head - 2) as response:
        found = messages(response, 2)

    assert [position for position, _ in found] == [head - 1, head]


def test_what_is_left_out_counts_as_read(
    process: Served, teacher: Caller, product: Parts, case_id: UUID
):
    teacher.talk(case_id)
    with stream(process, query="?types=casefile.case-opened.v1&limit=1000") as response:
        waited(lambda: f"id: {product.recorder.head()}\n".encode() in response.readline())


def test_a_last_id_that_is_no_position_is_refused(process: Served):
    with closing(process.connect()) as connection:
        answer = ask(
            connection, "GET", "/v1/feed", name="service",
            accept="text/event-stream", last_event_id="yesterday",
        )  # fmt: skip

    assert (answer.status, answer.json()["field"]) == (422, "Last-Event-ID")


def test_many_that_wait_hold_no_thread_and_hear_of_it(
    process: Served, teacher: Caller, product: Parts, case_id: UUID
):
    head = product.recorder.head()
    with ExitStack() as stack:
        waiting = [stack.enter_context(stream(process, head)) for _ in range(MANY)]
        with closing(process.connect()) as connection:
            assert ask(connection, "GET", f"/v1/cases/{case_id}").status == 200
        threads = len(list(Path(f"/proc/{process.process.pid}/task").iterdir()))
        teacher.talk(case_id)
        heard = {messages(response, 1)[0][0] for response in waiting}

    assert heard == {product.recorder.head()}
    assert threads < MANY / 2


def test_a_process_that_is_told_to_end_ends_its_streams(
    database: Database, secrets: Path, product: Parts, tmp_path: Path
):
    shutil.copytree(secrets, tmp_path / "own", ignore=shutil.ignore_patterns("api.log"))
    with (
        served(database, tmp_path / "own") as running,
        stream(running, product.recorder.head()) as response,
    ):
        running.stop()
        response.read()

        said = [line["event"] for line in running.log_lines()]
        assert "Application shutdown complete." in said
        assert {line["level"] for line in running.log_lines()} == {"info"}


def test_whoever_leaves_is_forgotten(process: Served, product: Parts):
    with stream(process, product.recorder.head()) as response:
        response.fp.raw._sock.shutdown(socket.SHUT_RDWR)

    line = waited(lambda: [x for x in process.log_lines() if x.get("route") == "/v1/feed"])
    assert line[-1]["level"] == "info"
