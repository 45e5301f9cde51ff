"""Reports over HTTP: who may draw which, what is refused, and that every file is in the log."""

import csv
import io
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from services.casefile.composition import Parts
from services.casefile.domain.families.export import ExportProduced
from tests.casefile.api.calling import Caller, accepted, caller
from tests.casefile.world import open_child

FILES = ("pdf", "xlsx", "csv", "jsonl", "json")


@pytest.fixture
def inspector(app: FastAPI) -> Caller:
    return caller(app, "inspector")


@pytest.fixture
def child(product: Parts) -> str:
    return str(open_child(product))


def exports(product: Parts) -> list[ExportProduced]:
    rows = product.recorder.page(0, 10_000)
    topics = [(row[1], row) for row in rows if row[3] == "ExportProduced"]
    entries = [
        product.mapper.entry(stream, row[2], row[3], row[4], row[0], row[5])
        for stream, row in topics
    ]
    return [entry.rec for entry in entries if isinstance(entry.rec, ExportProduced)]


def test_a_report_says_at_which_cut_it_was_drawn(inspector: Caller, child: str, product: Parts):
    body = accepted(inspector.get("/v1/reports/R7", unit="county-1"))

    stamp = body["stamp"]
    assert stamp["cut"]["position"] == product.recorder.head()
    assert (stamp["report"], stamp["definition"]) == ("R7", 1)
    assert stamp["children"] >= 1
    assert body["title"] == "儿童基本情况分布"


def test_asked_again_at_its_cut_it_is_the_same(inspector: Caller, child: str, product: Parts):
    first = accepted(inspector.get("/v1/reports/R7", unit="county-1"))
    open_child(product, name="禾苗乙")
    cut = {name: first["stamp"]["cut"][name] for name in ("as_of", "known_at", "position")}

    again = accepted(inspector.get("/v1/reports/R7", unit="county-1", **cut))

    assert again == first


@pytest.mark.parametrize("form", FILES)
def test_every_file_is_put_on_file_with_its_hash(
    inspector: Caller, child: str, product: Parts, form: str
):
    asked = {"unit": "county-1", "format": form, "purpose": "inspection"}

    answer = inspector.get("/v1/reports/R7", **asked)

    assert answer.status_code == 200
    *_, export = exports(product)
    assert export.sha256 == sha256(answer.content).hexdigest() == answer.headers["casefile-sha256"]
    assert (export.report_code, export.file_format, export.unit) == ("R7", form, "county-1")
    assert export.bytes == len(answer.content)
    assert "attachment" in answer.headers["content-disposition"]


def test_nothing_of_a_file_stays_on_the_disk_when_it_was_sent(
    inspector: Caller, child: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept = set(tmp_path.iterdir())

    answer = inspector.get("/v1/reports/R1", case_id=child, format="pdf", purpose="inspection")

    assert answer.content.startswith(b"%PDF")
    assert set(tmp_path.iterdir()) == kept


def test_the_accept_header_asks_for_a_file_too(inspector: Caller, child: str, product: Parts):
    answer = inspector.get(
        "/v1/reports/R7", {"accept": "text/csv"}, unit="county-1", purpose="statistics"
    )

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0] == ["儿童基本情况分布"]
    assert "i-501" in lines[1][1]


def test_a_file_without_a_purpose_is_refused_and_nothing_is_put_on_file(
    inspector: Caller, child: str, product: Parts
):
    before = exports(product)

    answer = inspector.get("/v1/reports/R7", unit="county-1", format="csv")

    assert (answer.status_code, answer.json()["code"]) == (422, "purpose-unknown")
    assert exports(product) == before


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("R7", {"unit": "nowhere"}, 422, "unit-not-found"),
    ("R7", {"unit": "school-2"}, 404, "no-child-in-scope"),
    ("R7", {"unit": "county-1", "as_of": "2999-01-01"}, 422, "cut-ahead"),
    ("R7", {"unit": "county-1", "known_at": "1999-01-01"}, 404, "nothing-on-file-yet"),
    ("R7", {"unit": "county-1", "as_of": "1999-01-01"}, 422, "unit-not-found"),
    ("R7", {"staff": "t-101"}, 422, "parameter-unknown"),
    ("R1", {}, 422, "parameter-missing"),
    ("R13", {"unit": "county-1", "formula": "magic"}, 422, "wrong-value"),
    ("R14", {"inspection": "01a20028-9c79-7e77-94ed-6ef1f86745aa"}, 404, "sample-not-found"),
    ("R15", {}, 409, "report-not-available"),
    ("R99", {}, 404, "report-not-found"),
]


@pytest.mark.parametrize(("code", "asked", "status", "problem"), REFUSED)
def test_what_cannot_be_asked_is_refused_with_a_remedy(
    inspector: Caller, child: str, code: str, asked: dict[str, Any], status: int, problem: str
):
    answer = inspector.get(f"/v1/reports/{code}", **asked)

    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, problem)
    assert body["remedy"]


def test_a_role_draws_only_what_is_meant_for_it(app: FastAPI, child: str):
    teacher, operator = caller(app, "teacher"), caller(app, "operator")

    assert teacher.get("/v1/reports/R9", unit="county-1").status_code == 403
    assert operator.get("/v1/reports/R3", unit="county-1").status_code == 403
    assert caller(app, "service").get("/v1/reports").status_code == 403
    codes = [row["code"] for row in accepted(operator.get("/v1/reports"))["rows"]]
    assert "R7" in codes
    assert "R1" not in codes


def test_an_operator_sees_no_small_counts(app: FastAPI, product: Parts):
    open_child(product, name="禾苗丙", sex="male")

    body = accepted(caller(app, "operator").get("/v1/reports/R7", unit="county-1"))

    shares = [row["share"] for row in body["tables"][0]["rows"]]
    assert shares
    assert all("below" in share or share["n"] not in range(1, 5) for share in shares)
    assert any("below" in share for share in shares)


def test_a_teacher_sees_in_r2_what_she_owes_herself(app: FastAPI, child: str):
    body = accepted(caller(app, "teacher").get("/v1/reports/R2", unit="county-1"))

    assert body["stamp"]["scope"]["staff"] == "t-101"
    refused = caller(app, "teacher").get("/v1/reports/R2", unit="county-1", staff="t-102")
    assert refused.status_code == 403


def test_the_dossier_names_the_child_and_carries_its_events(
    inspector: Caller, child: str, product: Parts
):
    body = accepted(inspector.get("/v1/reports/R1", case_id=child))
    workbook = inspector.get("/v1/reports/R1", case_id=child, format="xlsx", purpose="inspection")

    facts = {row["fact"]: row["says"] for row in body["tables"][0]["rows"]}
    assert facts["child.name"] == {"name": "禾苗甲"}
    assert [event["kind"] for event in body["data"]["events"]] == ["opening"]
    sheets = load_workbook(io.BytesIO(workbook.content)).sheetnames
    assert sheets[1:] == ["档案内容", "记录", "应办事项"]


def test_who_took_a_file_out_is_answered(inspector: Caller, child: str, product: Parts):
    inspector.get("/v1/reports/R1", case_id=child, format="csv", purpose="handover")
    inspector.get("/v1/reports/R7", unit="town-1", format="csv", purpose="statistics")
    inspector.get("/v1/reports/R6", unit="county-1", format="csv", purpose="statistics")

    body = accepted(inspector.get("/v1/reports/R12", case_id=child))

    rows = body["tables"][0]["rows"][-3:]
    assert [(row["staff"], row["report"], row["purpose"]) for row in rows] == [
        ("i-501", "R1 v1", "handover"),
        ("i-501", "R7 v1", "statistics"),
        ("i-501", "R6 v1", "statistics"),
    ]
    assert any("不反映谁看过档案" in note for note in body["tables"][0]["notes"] + body["notes"])
