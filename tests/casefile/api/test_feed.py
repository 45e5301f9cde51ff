"""The feed: the messages of the bus over HTTP, by position."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from httpx2 import Response

from services.casefile.composition import Parts
from services.casefile.log.messages import told
from services.casefile.publishing.cloudevents import to_kafka
from tests.casefile.api.calling import Caller, caller
from tests.casefile.world import open_child
from tests.servers import Database, Template

UNREADABLE = """
INSERT INTO casefile.stored_events (originator_id, originator_version, topic, state)
VALUES (gen_random_uuid(), 1, 'SomethingNewer', '{}')
"""


@pytest.fixture(scope="module")
def reader(app: FastAPI) -> Caller:
    return caller(app, "service")


def ids(response: Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [each["id"] for each in response.json()]


def following(response: Response) -> dict[str, str]:
    """Where the Link header leads."""
    address = response.headers["link"].split(">")[0].removeprefix("<")
    return dict(parse_qsl(urlsplit(address).query))


def place(response: Response) -> int:
    return int(response.headers["casefile-position"])


def test_page_by_page_it_gives_the_whole_log_in_order(
    reader: Caller, product: Parts, case_id: UUID
):
    found: list[dict[str, Any]] = []
    response = reader.get("/v1/feed", limit=7)
    while response.json():
        assert len(found) < product.recorder.head()
        assert response.headers["content-type"] == "application/cloudevents-batch+json"
        found += response.json()
        response = reader.get("/v1/feed", **following(response))

    rows = product.recorder.page(0, 100_000)
    assert [int(each["position"]) for each in found] == [row[0] for row in rows]
    assert [each["id"] for each in found] == [f"{row[1]}:{row[2]}" for row in rows]
    assert place(response) == product.recorder.head()


def test_the_data_are_the_bytes_that_are_on_kafka(reader: Caller, product: Parts, case_id: UUID):
    response = reader.get("/v1/feed", limit=1000)

    rows = product.recorder.page(0, 1000)
    records = [to_kafka(each) for each in told(product.mapper, rows, 0).messages]
    assert len(records) == len(response.json())
    for record, message in zip(records, response.json(), strict=True):
        assert b'"data":' + record.value in response.content
        sent = {name.removeprefix("ce_"): value.decode() for name, value in record.headers}
        content_type = sent.pop("content-type")
        message.pop("data")
        assert message.pop("datacontenttype") == content_type
        assert message == sent


def test_only_some_types_and_the_place_beyond_what_is_left_out(
    reader: Caller, teacher: Caller, product: Parts, case_id: UUID
):
    before = product.recorder.head()
    teacher.talk(case_id)
    teacher.record(case_id, "mood", {"occurred_on": "2026-11-19"})
    types = "casefile.talk-held.v1,casefile.home-visit-made.v1"

    response = reader.get("/v1/feed", after=before, types=types)

    assert [each["type"] for each in response.json()] == ["casefile.talk-held.v1"]
    assert place(response) == product.recorder.head()
    assert reader.get("/v1/feed", after=before, types="casefile.case-closed.v1").json() == []


def test_only_one_case(reader: Caller, teacher: Caller, product: Parts, case_id: UUID):
    other = open_child(product)
    teacher.talk(case_id)
    teacher.talk(other)

    response = reader.get("/v1/feed", case_id=str(case_id), limit=1000)
    first = reader.get("/v1/feed", case_id=str(case_id), limit=1)
    rest = reader.get("/v1/feed", case_id=str(case_id), after=place(first))

    assert {each["data"]["stream_id"] for each in response.json()} == {str(case_id)}
    assert place(response) == product.recorder.head()
    assert ids(first) + ids(rest) == ids(response)


def test_one_case_page_by_page_with_what_others_do_between(
    reader: Caller, teacher: Caller, product: Parts, case_id: UUID
):
    other = open_child(product)
    for _ in range(3):
        teacher.talk(case_id)
        teacher.talk(other)
    whole = reader.get("/v1/feed", case_id=str(case_id), limit=1000)

    found: list[str] = []
    response = reader.get("/v1/feed", case_id=str(case_id), limit=2)
    while response.json():
        found += ids(response)
        response = reader.get("/v1/feed", **following(response))

    assert found == ids(whole)
    assert place(response) == product.recorder.head()


def test_one_type_of_one_case(reader: Caller, teacher: Caller, product: Parts, case_id: UUID):
    before = product.recorder.head()
    for _ in range(2):
        teacher.talk(case_id)
        teacher.record(case_id, "mood", {"occurred_on": "2026-11-19"})
    asked = {"case_id": str(case_id), "types": "casefile.talk-held.v1", "limit": 1}

    first = reader.get("/v1/feed", after=before, **asked)
    second = reader.get("/v1/feed", **following(first))
    third = reader.get("/v1/feed", **following(second))

    assert [each["type"] for each in (*first.json(), *second.json())] == [
        "casefile.talk-held.v1"
    ] * 2
    assert third.json() == []
    assert place(third) == product.recorder.head()


def test_it_waits_until_there_is_something(
    reader: Caller, teacher: Caller, product: Parts, case_id: UUID
):
    before = product.recorder.head()
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(reader.get, "/v1/feed", after=before, wait=30)
        teacher.talk(case_id)
        response = waiting.result(25)

    assert [each["type"] for each in response.json()] == ["casefile.talk-held.v1"]


def test_without_news_it_answers_with_nothing_when_the_time_is_up(reader: Caller, product: Parts):
    head = product.recorder.head()

    response = reader.get("/v1/feed", after=head, wait=1)

    assert response.json() == []
    assert place(response) == head


def test_a_position_beyond_the_log_is_refused(reader: Caller, product: Parts, case_id: UUID):
    after = product.recorder.head() + 1

    for asked in ({}, {"case_id": str(case_id)}, {"types": "casefile.talk-held.v1"}):
        response = reader.get("/v1/feed", after=after, wait=30, **asked)
        assert (response.status_code, response.json()["code"]) == (409, "position-ahead")


@pytest.mark.parametrize(
    "asked",
    [
        {"after": -1}, {"after": "x"}, {"limit": 0}, {"limit": 1001}, {"wait": 31}, {"case_id": "x"},
        {"types": "casefile.nothing.v1"}, {"types": ""}, {"types": "a,,b"}, {"colour": "red"},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(reader: Caller, asked: dict[str, Any]):
    response = reader.get("/v1/feed", **asked)

    assert response.status_code == 422
    assert response.json()["code"] == "wrong-parameter"


def test_only_services_read_it(app: FastAPI, reader: Caller):
    for name in ("teacher", "county", "inspector", "operator"):
        assert caller(app, name).get("/v1/feed").status_code == 403
    assert reader.get("/v1/me").json()["role"] == "service"
    assert reader.get("/v1/roster").status_code == 403


def test_every_message_names_the_address_of_its_schema(reader: Caller, case_id: UUID, app: FastAPI):
    messages = reader.get("/v1/feed", limit=1000).json()
    stranger = caller(app, None)

    for address in {each["dataschema"] for each in messages}:
        schema = stranger.get(address).json()
        assert address == f"/v1/messages/{schema['title']}/schema"
    assert stranger.get("/v1/messages/casefile.event-withheld.v1/schema").status_code == 200
    unknown = stranger.get("/v1/messages/casefile.nothing.v1/schema")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "message-type-not-found")


def test_it_never_goes_past_an_event_that_it_cannot_read(template: Template, tmp_path: Any):
    from contextlib import closing

    from services.casefile.api.app import create_app
    from tests.casefile.api.calling import tokens
    from tests.casefile.world import parts, settle

    with template.clone() as database, closing(parts(database, tmp_path)) as product:
        settle(product)
        before = product.recorder.head()
        append(database)
        settled = caller(create_app(product, tokens()), "service")

        response = settled.get("/v1/feed", limit=1000)
        after = settled.get("/v1/feed", after=place(response), wait=30)
        streamed = settled.get("/v1/feed", {"accept": "text/event-stream"})

    assert place(response) == before == len(response.json())
    assert (after.status_code, after.json()["code"]) == (503, "feed-held")
    assert after.json()["held_at"] == before + 1
    assert after.headers["retry-after"] == "60"
    assert streamed.text.count("\ndata: ") == before + 1
    assert json.loads(streamed.text.rsplit("event: problem\ndata: ")[1])["code"] == "feed-held"


def test_messages_of_two_megabytes_come_whole_and_no_more_than_an_answer_may_hold(
    template: Template, tmp_path: Any
):
    from contextlib import closing

    from services.casefile.api.app import create_app
    from tests.bus.relays import append_large
    from tests.casefile.api.calling import tokens
    from tests.casefile.world import parts, settle

    with template.clone() as database, closing(parts(database, tmp_path)) as product:
        settle(product)
        before = product.recorder.head()
        for size in (2_000_000, 2_000_001, 2_000_002):
            append_large(database, size)
        settled = caller(create_app(product, tokens()), "service")

        first = settled.get("/v1/feed", after=before, limit=1000)
        second = settled.get("/v1/feed", **following(first))

    assert [
        len(each["data"]["performed_by"]["unit"]) for each in (*first.json(), *second.json())
    ] == [
        2_000_000,
        2_000_001,
        2_000_002,
    ]
    assert len(first.json()) == 2
    assert place(second) == before + 3


def append(database: Database) -> None:
    with psycopg.connect(database.owner) as connection:
        connection.execute(UNREADABLE)
