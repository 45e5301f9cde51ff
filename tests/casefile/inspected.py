"""What tests of inspections are given: orders, lots, findings, and what was seen and heard."""

from typing import Any
from uuid import UUID

from services.casefile.application.context import Context
from services.casefile.composition import Parts
from services.casefile.domain.families.inspection import SampleDrawn
from tests.casefile.world import actor, context

DAY = "2026-11-19"


def inspector(**options: Any) -> Context:
    who = actor("inspector", "i-501", "inspector")
    return context(actor=who, source="api", **options)


def order(**fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2026-11-20",
        "unit": "town-1",
        "ordered_by": "county-1",
        "inspection_kind": "annual",
        "basis": "annual_plan",
        "starts_on": "2026-11-20",
        "ends_on": "2026-11-27",
        "since": "2026-09-01",
        "until": DAY,
        "as_of": DAY,
    } | fields


def lots(**fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2026-11-20",
        "seed": "20261120-3861",
        "seed_source": "stock_index",
        "sample_size": 2,
    } | fields


def finding(**fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2026-11-20",
        "finding_code": "not_supported",
        "severity": "moderate",
        "reply_by": "2026-11-25",
        "deadline": "2026-12-10",
        "text": "谈心记录无据可查",
    } | fields


def opened(casefile: Parts, **fields: Any) -> UUID:
    return casefile.casefile.open_inspection(order(**fields), inspector()).case_id


def drawn(casefile: Parts, inspection: UUID, **fields: Any) -> SampleDrawn:
    receipt = casefile.casefile.draw_sample(inspection, lots(**fields), inspector())
    rec = casefile.streams.fresh(inspection).records[receipt.record_id].rec
    assert isinstance(rec, SampleDrawn)
    return rec


def talk(casefile: Parts, case_id: UUID, **options: Any) -> UUID:
    body = {"occurred_on": DAY, "place": "school"}
    return casefile.casefile.record(case_id, "talk", body, context(**options)).record_id


def examined(case_id: UUID, record: UUID, **fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2026-11-20",
        "case": str(case_id),
        "record": str(record),
        "against": "photo",
        "result": "agrees",
    } | fields


def called(case_id: UUID, record: UUID, **fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2026-11-20",
        "case": str(case_id),
        "record": str(record),
        "spoke_with": "guardian",
        "means": "phone",
        "result": "confirmed",
    } | fields


def answer(found: UUID | str, **fields: Any) -> dict[str, Any]:
    body = {"occurred_on": "2026-11-20", "finding": str(found), "text": "当日确有谈心"}
    return body | fields
