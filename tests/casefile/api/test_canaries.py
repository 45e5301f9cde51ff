"""Personal data is found nowhere but in ciphertext, and in the answers to who may read it."""

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
import yaml

from services.casefile.api.kinds import path as address_of
from services.casefile.composition import Parts
from services.casefile.domain.catalogue import Kind
from services.casefile.embedded import PgBinaries, RunningPostgres
from services.casefile.following import Following
from tests.casefile.api.canaries import (
    MARKS,
    NAME,
    NOTE,
    PHONE,
    RESIDENT_ID,
    dumped,
    example,
    found_in,
    marked,
    spoilt,
)
from tests.casefile.api.served import Answer, Served, ask
from tests.casefile.inspected import called, examined, finding, lots, order
from tests.casefile.world import child
from tests.servers import Database

SERVER_LOG = "server.log"
ROLES = {
    "case": "county",
    "group": "county",
    "unit": "operator",
    "staff": "operator",
    "inspection": "county",
}
PUBLIC = ("unit_registration", "unit_renaming")


@pytest.fixture
def connection(process: Served) -> Iterator[HTTPConnection]:
    with closing(process.connect()) as opened:
        yield opened


@pytest.mark.process
def test_marked_values_are_found_nowhere(
    process: Served,
    connection: HTTPConnection,
    product: Parts,
    followed: Following,
    pg_binaries: PgBinaries,
    postgres_server: RunningPostgres,
    database: Database,
):
    opening = child(name=NAME, resident_id=RESIDENT_ID, late_reason=NOTE)
    opened = ask(connection, "POST", "/v1/cases", opening)
    case_id = opened.json()["case_id"]

    answers = [opened, *everything(connection, product, case_id)]
    followed.catch_up()

    assert sum(answer.status == 201 for answer in answers) > 60
    refused = [answer for answer in answers if answer.status >= 400]
    assert len(refused) > 300
    for answer in refused:
        assert found_in(answer.body) == [], answer.body.decode()
        assert found_in(repr(answer.headers).encode()) == []
    assert found_in(process.log.read_bytes()) == []
    assert found_in(server_log(postgres_server)) == []
    assert found_in(dumped(pg_binaries, database)) == []
    assert found_in(ask(connection, "GET", f"/v1/cases/{case_id}/history?limit=1000").body)


@pytest.mark.process
def test_the_search_finds_what_is_not_sealed(
    connection: HTTPConnection,
    pg_binaries: PgBinaries,
    database: Database,
):
    body = {
        "occurred_on": "2026-11-19",
        "unit_name": "公开的名称",
        "unit_kind": "home",
        "valid_from": "2026-11-19",
        "parent": "village-1",
    }

    registered = ask(
        connection, "POST", "/v1/units/home-9/records/unit_registration", body, "operator"
    )

    assert registered.status == 201
    assert found_in(dumped(pg_binaries, database), ("公开的名称",))


def everything(connection: HTTPConnection, product: Parts, case_id: str) -> Iterator[Answer]:
    for kind in product.catalogue:
        if (address := address_of(kind)) is not None:
            path = address.format(
                case_id=case_id, unit="village-1", staff="t-101", flag=UUID(int=9),
                inspection_id=UUID(int=8),
            )  # fmt: skip
            for body in bodies(kind):
                yield post(connection, path, body, ROLES[kind.stream])
    yield from an_inspection(connection, case_id)
    yield from batches(connection, case_id)
    yield from odd_requests(connection, case_id)
    yield from odd_rules(connection)


def an_inspection(connection: HTTPConnection, case_id: str) -> Iterator[Answer]:
    """Marks in everything that is written in an inspection of everybody."""
    opened = post(connection, "/v1/inspections", order(unit="county-1", note=NOTE), "county")
    path = f"/v1/inspections/{opened.json()['inspection_id']}"
    population = ask(connection, "GET", f"{path}/population", name="county").json()
    opening = ask(connection, "GET", f"/v1/cases/{case_id}/history?kind=opening").json()
    record = UUID(opening["rows"][0]["record_id"])
    seen = {"note": NOTE, "result": "not_confirmed"}
    found = str(UUID(int=10 + 2**66))
    about = {"occurred_on": "2026-11-20", "finding": found, "text": NOTE}
    raised = finding(worker="t-101", text=NOTE, record_id=found)
    closing = {"occurred_on": "2026-11-20", "outcome": "completed", "summary": NOTE}
    written = (
        ("samples", lots(sample_size=population["population_size"]), "county"),
        ("examinations", examined(UUID(case_id), record, note=NOTE), "county"),
        ("callbacks", called(UUID(case_id), record, **seen), "county"),
        ("findings", raised, "county"),
        ("explanations", about, "teacher"),
        ("rectifications", about | {"measure": "other"}, "teacher"),
        ("decisions", about | {"outcome": "rectified"}, "county"),
        ("closure", closing, "county"),
    )
    answers = [post(connection, f"{path}/{what}", body, role) for what, body, role in written]
    assert [answer.status for answer in (opened, *answers)] == [201] * 9
    assert found_in(ask(connection, "GET", path, name="county").body)
    yield from answers
    yield post(connection, f"{path}/explanations", about | {"text": [NAME]}, "teacher")


def bodies(kind: Kind) -> Iterator[Any]:
    if kind.slug not in ("closure", "merge"):
        yield marked(kind)
    if kind.slug not in PUBLIC:
        yield from spoilt(kind)
    yield f'{{"occurred_on": "{NOTE}", "name": "{NAME}"'.encode()
    yield [NAME, RESIDENT_ID]


def post(connection: HTTPConnection, path: str, body: Any, role: str) -> Answer:
    return ask(connection, "POST", path, body, role, If_Match="*")


def batches(connection: HTTPConnection, case_id: str) -> Iterator[Answer]:
    items = [
        {"case_id": case_id, "kind": NAME, "record": {"record_id": str(UUID(int=7)), NAME: NOTE}},
        {"case_id": case_id, "kind": "talk", "record": {NAME: NOTE}},
        {"case_id": NAME, "kind": "talk", "record": {}},
    ]
    yield post(connection, "/v1/batch", {"records": items}, "teacher")
    refused = post(connection, "/v1/batch", {"records": items[:2]}, "teacher")
    assert refused.json()["stored"] == 0
    yield Answer(422, refused.body, refused.headers)


def odd_requests(connection: HTTPConnection, case_id: str) -> Iterator[Answer]:
    """Marks in addresses, parameters and headers."""
    for text in MARKS:
        word = quote(text)
        for path in (
            f"/{word}", f"/v1/{word}", f"/v1/cases/{word}", f"/v1/cases/{word}/history",
            f"/v1/cases/{case_id}/records/{word}", f"/v1/kinds/{word}", f"/v1/problems/{word}",
            f"/v1/cases/{case_id}?as_of={word}", f"/v1/cases/{case_id}/history?kind={word}",
            f"/v1/cases/{case_id}/history?cursor={word}", f"/v1/cases/{case_id}?{word}={word}",
            f"/v1/roster?cursor={word}", f"/v1/roster?village={word}%27", f"/v1/staff?{word}=1",
            f"/v1/cases/{case_id}/diff?from={word}", f"/v1/roster?name={word}",
        ):  # fmt: skip
            yield ask(connection, "GET", path)
        for path in (f"/v1/cases/{word}/records/talk", f"/v1/cases/{case_id}/records/{word}"):
            yield post(connection, path, {"occurred_on": "2026-11-19"}, "teacher")
        for name in (
            "If-Match",
            "Idempotency-Key",
            "X-Request-ID",
            "Authorization",
            "Accept-Language",
        ):
            talk = {"occurred_on": text, "record_id": text}
            headers = {name: word}
            yield ask(connection, "POST", f"/v1/cases/{case_id}/records/talk", talk, **headers)
        yield ask(
            connection, "POST", "/v1/roster/lookup", {"name": NAME, "resident_id": RESIDENT_ID}
        )
        yield ask(connection, "POST", "/v1/roster/lookup", {text: text})
        yield ask(connection, "POST", "/v1/roster/lookup", text.encode(), content_type="text/plain")


def odd_rules(connection: HTTPConnection) -> Iterator[Answer]:
    """Marks in policies and calendars, wherever a code or a date belongs."""
    for text in MARKS:
        places = ({"policy": text}, {text: 1}, {"rules": [{"code": text, "kinds": [text]}]},
                  {"rules": [{"shape": {"shape": text}}]}, {"effective_from": text})  # fmt: skip
        for body in (*({"policy": "talks", "version": 1, **place} for place in places), text):
            for path in ("/v1/policies", "/v1/policies/check"):
                sent = yaml.safe_dump(body, allow_unicode=True).encode()
                answers = (
                    ask(connection, "POST", path, sent, "county", content_type="application/yaml"),
                    ask(connection, "POST", path, body, "county"),
                )
                yield from (Answer(422, each.body, each.headers) for each in answers)
        terms = [{"code": text, "starts_on": text, "ends_on": text}]
        for body in ({"calendar": text}, {"calendar": "c-1", "source": "x", "terms": terms}):
            yield ask(connection, "POST", "/v1/calendars", body, "county")
        yield ask(connection, "POST", f"/v1/policies/{quote(text)}/withdraw", {text: 1}, "county")
        for path in ("/v1/policies", "/v1/obligations", "/v1/compliance", "/v1/obligations/quotas"):
            yield ask(connection, "GET", f"{path}?rule={quote(text)}&cursor={quote(text)}")


def server_log(server: RunningPostgres) -> bytes:
    found = [folder / SERVER_LOG for folder in (server.passfile.parent, *server.passfile.parents)]
    return next(path for path in found if path.exists()).read_bytes()


def test_every_personal_text_of_an_example_carries_a_mark(product: Parts):
    for kind in product.catalogue:
        if kind.spec and address_of(kind):
            assert marked(kind) != example(kind)


def test_the_marks_are_possible_values(connection: HTTPConnection):
    assert PHONE.isdigit()
    answer = ask(connection, "POST", "/v1/roster/lookup", {"resident_id": RESIDENT_ID})

    assert answer.status == 200
