"""Every refusal is a problem that says what to do next and never repeats what was sent."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx2 import Response

from services.casefile.api.app import create_app
from services.casefile.api.errors import problem_types
from services.casefile.composition import Parts
from services.casefile.log.errors import LogBusy, LogUnavailable
from services.casefile.log.keyring_errors import KekUnavailable
from tests.casefile.api.calling import Caller, caller, talk, tokens
from tests.casefile.world import child

MIB = 1024 * 1024


def problem(response: Response) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == response.status_code
    assert body["type"] == f"/v1/problems/{body['code']}"
    assert body["request_id"] == response.headers["x-request-id"]
    return body


def test_there_is_nothing_at_a_wrong_address(teacher: Caller):
    assert problem(teacher.get("/v1/nowhere"))["code"] == "path-not-found"
    assert problem(teacher.get("/v1/cases/nonsense"))["code"] == "path-not-found"
    assert problem(teacher.get("/v1/cases/"))["code"] == "path-not-found"


def test_a_wrong_method_is_told_the_right_ones(teacher: Caller):
    response = teacher.get("/v1/batch")

    assert problem(response)["code"] == "method-not-allowed"
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"1", b"null", b'"x"', b"\xff\xfe", b'{"minutes": NaN}', b"{}}",
        b'{"a": ' * 5000, b'{"note": "\\u0000"}', b'{"note": "\\ud800"}', b'{"minutes": 1e999}',
    ],
)  # fmt: skip
def test_a_body_is_one_json_object(teacher: Caller, case_id: UUID, body: bytes):
    response = teacher.send(f"/v1/cases/{case_id}/records/talk", body)

    assert (response.status_code, problem(response)["code"]) == (400, "malformed-json")


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/json; charset=gbk"},
        {"content-type": ""},
        {"content-encoding": "gzip"},
    ],
)
def test_a_body_is_plain_json(teacher: Caller, case_id: UUID, headers: dict[str, str]):
    response = teacher.send(f"/v1/cases/{case_id}/records/talk", b"{}", **headers)

    assert (response.status_code, problem(response)["code"]) == (415, "not-json")


def test_a_body_that_is_too_large_is_refused(teacher: Caller, case_id: UUID):
    record = teacher.record(case_id, "talk", talk(note="好" * MIB))
    batch = teacher.post("/v1/batch", {"records": ["x" * (5 * MIB)]})

    assert problem(record)["limit"] == 256 * 1024
    assert problem(batch)["limit"] == 4 * MIB
    assert record.status_code == batch.status_code == 413


def test_a_body_may_come_in_pieces(teacher: Caller, case_id: UUID):
    def pieces() -> Iterator[bytes]:
        yield b'{"occurred_on": '
        yield b'"2026-11-19"}'

    response = teacher.client.post(
        f"/v1/cases/{case_id}/records/talk",
        content=pieces(),
        headers=teacher.headers | {"content-type": "application/json"},
    )

    assert response.status_code == 201


def unopened(**fields: Any) -> dict[str, Any]:
    return child(resident_id="110101201503010023") | fields


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (unopened(resident_id="110101201503010025"), "wrong-resident-id", "resident_id"),
        (unopened(birth_date="2015-03-02"), "wrong-resident-id", "resident_id"),
        (child(birth_date="2027-01-01"), "occurred-before-birth", "birth_date"),
        (unopened(occurred_on="2026-12-24"), "occurred-in-future", "occurred_on"),
        (unopened(school="school-9"), "unit-not-found", "school"),
        (unopened(late_reason=None), "late-reason-required", "late_reason"),
        (unopened(grade="three"), "not-of-its-form", "grade"),
        (unopened(nickname="x"), "not-of-its-form", "body"),
    ],
)
def test_a_wrong_opening_names_the_field(
    teacher: Caller, body: dict[str, Any], code: str, field: str
):
    response = teacher.post("/v1/cases", body)

    found = problem(response)
    assert (response.status_code, found["code"], found["field"]) == (422, code, field)
    assert found["remedy"]


@pytest.mark.parametrize(
    ("kind", "fields", "code", "field"),
    [
        ("talk", {"occurred_on": "2026-12-24"}, "occurred-in-future", "occurred_on"),
        ("talk", {"occurred_on": "2014-01-01", "late_reason": "补录"}, "occurred-before-birth", "occurred_on"),
        ("talk", {"performed_by": "t-999"}, "staff-not-found", "performed_by"),
        ("talk", {"minutes": -1}, "not-of-its-form", "minutes"),
        ("talk", {"occurred_on": 5}, "not-of-its-form", "occurred_on"),
        ("talk", {"domains": {"study": ""}}, "not-of-its-form", "domains.study"),
        ("disbursement", {"scheme": "dibao", "amount_fen": -5}, "not-of-its-form", None),
        ("contact_card", {"guardian_phone": "12"}, "not-of-its-form", None),
    ],
)  # fmt: skip
def test_a_wrong_record_names_the_field(
    teacher: Caller, case_id: UUID, kind: str, fields: dict[str, Any], code: str, field: str | None
):
    response = teacher.record(case_id, kind, {"occurred_on": "2026-11-19"} | fields)

    found = problem(response)
    assert (response.status_code, found["code"]) == (422, code)
    assert field is None or found["field"] == field
    assert teacher.history(case_id)["total"] == 1


def test_a_problem_speaks_chinese_unless_english_is_preferred(teacher: Caller):
    def titled(accept: str) -> tuple[str, str]:
        response = teacher.get("/v1/nowhere", headers={"accept-language": accept})
        return response.headers["content-language"], problem(response)["title"]

    chinese, english = ("zh", "此地址没有内容。"), ("en", "There is nothing at this address.")
    assert titled("") == titled("zh-CN,en;q=0.8") == titled("fr") == titled("en;q=x, zh") == chinese
    assert titled("en") == titled("en-GB,zh;q=0.5") == english


def test_every_problem_is_listed_with_its_remedy_in_both_languages(teacher: Caller):
    listed = teacher.get("/v1/problems").json()["problems"]

    assert {row["code"] for row in listed} == set(problem_types())
    for row in listed:
        assert teacher.get(row["type"]).json() == row
        assert row["title"]["zh"] != row["title"]["en"]


def test_what_the_log_and_the_keyring_cannot_do_now_may_be_tried_again(
    product: Parts, case_id: UUID
):
    answers = [
        failing(product, error).record(case_id, "talk", talk())
        for error in (LogBusy(), LogUnavailable(), KekUnavailable(), TimeoutError("禾苗"))
    ]

    codes = [problem(answer)["code"] for answer in answers]
    assert codes == ["log-busy", "log-unavailable", "keyring-unavailable", "broken"]
    assert [answer.status_code for answer in answers] == [503, 503, 503, 500]
    assert [answer.headers.get("retry-after") for answer in answers] == ["1", "1", "5", None]


def test_a_fault_of_our_own_shows_nothing_of_the_inside(product: Parts, case_id: UUID):
    response = failing(product, KeyError("禾苗甲")).record(case_id, "talk", talk())

    assert response.status_code == 500
    for inside in ("Traceback", "KeyError", "禾苗", ".py"):
        assert inside not in response.text


def failing(product: Parts, error: Exception) -> Caller:
    """The API of a product whose log fails with this error."""

    class Failing:
        def __getattr__(self, _: str) -> Any:
            return fails

    def fails(*_: Any, **__: Any) -> Any:
        raise error

    app: FastAPI = create_app(Broken(product, Failing()), tokens())  # type: ignore[arg-type]
    return caller(app)


class Broken:
    """The product, with an application that fails."""

    def __init__(self, product: Parts, casefile: Any) -> None:
        self._product = product
        self.casefile = casefile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._product, name)
