"""Inspections over HTTP: who may, what comes back, and what an outsider can check."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.casefile.api.calling import Caller, accepted, fresh_id
from tests.casefile.api.inspecting import drawn
from tests.casefile.inspected import examined, finding, lots, order

Ask = Callable[[str], Caller]


def test_an_opened_inspection_has_an_etag_and_its_cut(inspector: Caller, inspection: str):
    response = inspector.get(f"/v1/inspections/{inspection}")

    shown = accepted(response)
    assert response.headers["etag"] == f'"inspection:{inspection}:{shown["version"]}"'
    assert (shown["unit"], shown["state"], shown["as_of"]) == ("town-1", "open", "2026-11-19")
    known = inspector.get(
        f"/v1/inspections/{inspection}", {"if-none-match": response.headers["etag"]}
    )
    assert known.status_code == 304


def test_the_same_key_opens_one_inspection(inspector: Caller, children: list[UUID]):
    key = fresh_id()

    first = inspector.post("/v1/inspections", order(), idempotency_key=key)
    again = inspector.post("/v1/inspections", order(), idempotency_key=key)

    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"


def test_nobody_else_opens_one(as_role: Ask, children: list[UUID]):
    statuses = {
        name: as_role(name).post("/v1/inspections", order()).status_code
        for name in ("teacher", "child_director", "supervisor", "county", "operator", "service")
    }

    assert statuses == {
        "teacher": 403, "child_director": 403, "supervisor": 403, "county": 201, "operator": 403,
        "service": 403,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"unit": "school-2"}, 422, "scope-empty"),
        ({"unit": "nowhere"}, 422, "unit-not-found"),
        ({"known_at": "1999-01-01T00:00:00+08:00", "as_of": "1999-01-01"}, 404, None),
        ({"as_of": "2999-01-01"}, 422, "cut-ahead"),
        ({"position": 7}, 422, "not-of-its-form"),
        ({"inspection_kind": "party"}, 422, "not-of-its-form"),
        ({"since": None}, 422, "not-of-its-form"),
    ],
)
def test_what_cannot_be_inspected_is_refused(
    inspector: Caller, children: list[UUID], fields: dict[str, Any], status: int, code: str | None
):
    refused = inspector.post("/v1/inspections", order(**fields))

    assert refused.status_code == status
    assert code is None or refused.json()["code"] == code
    assert refused.json()["remedy"]


def test_an_outsider_redraws_the_sample(inspector: Caller, inspection: str):
    cases = drawn(inspector, inspection, sample_size=3)
    page = accepted(inspector.get(f"/v1/inspections/{inspection}/population", limit=1000))

    ids = [row["case_id"] for row in page["rows"]]
    keyed = sorted(ids, key=lambda each: sha256(f"20261120-3861:{each}".encode()).hexdigest())
    shown = accepted(inspector.get(f"/v1/inspections/{inspection}"))["samples"][0]
    assert cases == keyed[:3]
    assert shown["population_hash"] == sha256("".join(f"{i}\n" for i in ids).encode()).hexdigest()
    redrawn = accepted(inspector.get(f"/v1/inspections/{inspection}/samples/20261120-3861/redraw"))
    assert (redrawn["agrees"], redrawn["cases"]) == (True, cases)


def test_the_population_comes_in_pages(inspector: Caller, inspection: str):
    path = f"/v1/inspections/{inspection}/population"
    first = accepted(inspector.get(path, limit=2))

    second = accepted(inspector.get(path, limit=2, cursor=first["next"]))

    assert first["population_size"] >= 6
    assert len({row["case_id"] for row in (*first["rows"], *second["rows"])}) == 4


def test_a_sample_larger_than_the_population_says_how_many_there_are(
    inspector: Caller, inspection: str
):
    refused = inspector.post(f"/v1/inspections/{inspection}/samples", lots(sample_size=4999))

    assert (refused.status_code, refused.json()["code"]) == (422, "sample-too-large")
    assert refused.json()["field"] == "sample_size"
    assert refused.json()["population"] >= 6


def test_a_seed_used_again_is_refused(inspector: Caller, inspection: str):
    drawn(inspector, inspection)

    refused = inspector.post(f"/v1/inspections/{inspection}/samples", lots(sample_size=1))

    assert (refused.status_code, refused.json()["code"]) == (409, "seed-already-used")


@pytest.mark.parametrize("what", ["samples", "examinations", "findings"])
def test_an_inspection_there_is_not_is_not_found(inspector: Caller, what: str):
    bodies = {
        "samples": lots(),
        "examinations": examined(uuid4(), uuid4()),
        "findings": finding(worker="t-101"),
    }

    for where in (fresh_id(), "x"):
        refused = inspector.post(f"/v1/inspections/{where}/{what}", bodies[what])
        assert (refused.status_code, refused.json()["code"]) == (404, "inspection-not-found")
    assert inspector.get(f"/v1/inspections/{fresh_id()}").status_code == 404
