"""Saying the same thing twice does it once, and is answered with the first answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from services.casefile.composition import Parts
from tests.casefile.api.calling import Caller, accepted, caller, fresh_id, talk
from tests.casefile.api.served import Answer, Served, ask
from tests.casefile.world import child, open_child

CALLERS, ROUNDS = 16, 100


def test_the_same_key_and_body_get_the_first_answer_byte_for_byte(teacher: Caller, case_id: UUID):
    first = teacher.record(case_id, "talk", talk(), idempotency_key="k-1")

    again = teacher.record(case_id, "talk", talk(), idempotency_key="k-1")

    assert again.content == first.content
    assert again.status_code == first.status_code == 201
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    for name in ("etag", "location", "casefile-position"):
        assert again.headers[name] == first.headers[name]
    assert teacher.history(case_id)["total"] == 2


def test_the_layout_of_the_json_does_not_matter(teacher: Caller, case_id: UUID):
    path = f"/v1/cases/{case_id}/records/talk"
    teacher.send(path, b'{"occurred_on":"2026-11-19","minutes":20}', idempotency_key="k-1")

    again = teacher.send(
        path, b'{ "minutes": 20, "occurred_on": "2026-11-19" }', idempotency_key="k-1"
    )

    assert again.headers["idempotency-replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(teacher: Caller, case_id: UUID):
    teacher.record(case_id, "talk", talk(), idempotency_key="k-1")

    other = teacher.record(case_id, "talk", talk(minutes=40), idempotency_key="k-1")

    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert teacher.history(case_id)["total"] == 2


def test_a_key_belongs_to_its_caller_and_its_address(
    teacher: Caller, product: Parts, case_id: UUID
):
    colleague, other = caller(teacher.client.app, "colleague"), open_child(product)

    answers = [
        teacher.record(case_id, "talk", talk(), idempotency_key="k-1"),
        colleague.record(case_id, "talk", talk(), idempotency_key="k-1"),
        teacher.record(other, "talk", talk(), idempotency_key="k-1"),
    ]

    assert len({accepted(answer)["position"] for answer in answers}) == 3


def test_a_quoted_key_is_the_same_key(teacher: Caller, case_id: UUID):
    teacher.record(case_id, "talk", talk(), idempotency_key="k-1")

    again = teacher.record(case_id, "talk", talk(), idempotency_key='"k-1"')

    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("key", ["", "a b", "k" * 256])
def test_a_key_is_visible_and_not_too_long(teacher: Caller, case_id: UUID, key: str):
    response = teacher.record(case_id, "talk", talk(), idempotency_key=key)

    assert (response.status_code, response.json()["code"]) == (400, "malformed-header")


def test_a_refused_command_may_be_put_right_under_the_same_key(teacher: Caller, case_id: UUID):
    refused = teacher.record(case_id, "talk", talk(minutes=0), idempotency_key="k-1")

    righted = teacher.record(case_id, "talk", talk(), idempotency_key="k-1")

    assert (refused.status_code, righted.status_code) == (422, 201)


def test_the_same_record_id_is_one_record(teacher: Caller, case_id: UUID):
    body = talk(record_id=fresh_id())
    first = teacher.record(case_id, "talk", body)

    again = teacher.record(case_id, "talk", body)

    assert again.content == first.content
    assert teacher.history(case_id)["total"] == 2


def test_a_record_id_with_other_content_is_taken(teacher: Caller, case_id: UUID):
    body = talk(record_id=fresh_id())
    teacher.record(case_id, "talk", body)

    other = teacher.record(case_id, "talk", body | {"minutes": 40})

    assert (other.status_code, other.json()["code"]) == (409, "record-id-taken")


def test_a_case_is_opened_once_per_key_and_once_per_record_id(teacher: Caller):
    keyed = [teacher.post("/v1/cases", child(), idempotency_key="k-1") for _ in range(2)]
    named = [teacher.post("/v1/cases", child(record_id="9c7b6e0e-8a44-7cc1-9f0a-1d2c3b4a5f60"))] * 2

    assert keyed[0].content == keyed[1].content
    assert named[0].content == named[1].content


def test_one_child_has_one_open_case(teacher: Caller):
    first = accepted(teacher.post("/v1/cases", child(resident_id="110101201503010023")))

    again = teacher.post("/v1/cases", child(resident_id="110101201503010023"))

    assert (again.status_code, again.json()["code"]) == (409, "child-already-on-file")
    assert again.json()["case_id"] == first["case_id"]


@pytest.mark.process
def test_sixteen_identical_posts_at_once_are_one_record_and_sixteen_equal_answers(
    process: Served, product: Parts, case_id: UUID
):
    path, start = f"/v1/cases/{case_id}/records/talk", Barrier(CALLERS)

    def post_all(_: int) -> list[Answer]:
        connection, answers = process.connect(), []
        for number in range(ROUNDS):
            start.wait(timeout=20)
            key = f"round-{number}"
            answers.append(ask(connection, "POST", path, talk(), Idempotency_Key=key))
        connection.close()
        return answers

    with ThreadPoolExecutor(CALLERS) as callers:
        rounds = list(zip(*callers.map(post_all, range(CALLERS)), strict=True))

    for answers in rounds:
        assert {answer.status for answer in answers} == {201}
        assert len({answer.body for answer in answers}) == 1
        assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    talks = [row for row in product.recorder.stream(case_id) if row[1] == "TalkHeld"]
    assert len(talks) == ROUNDS
