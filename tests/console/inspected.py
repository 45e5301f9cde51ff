"""An inspection of the county: opened twice, drawn, examined, a finding raised and answered."""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.application.context import Context
from services.casefile.composition import Parts


class Inspected(NamedTuple):
    """What tests want to know of it."""

    inspection: UUID
    finding: UUID


def inspected(built: Parts, case_id: UUID, talk: UUID, by: Context, worker: Context) -> Inspected:
    """Everybody is drawn, so that the file with everything is among them."""
    commands = built.casefile
    commands.open_inspection(order(30), by)
    inspection = commands.open_inspection(order(0), by).case_id
    whole = len(built.populations.of(scope(built, inspection)))
    lots = {"seed": "20261120-3861", "seed_source": "stock_index", "sample_size": whole}
    commands.draw_sample(inspection, today(lots | {"stratified_by": "school"}), by)
    seen = {"case": str(case_id), "record": str(talk)}
    examined = {"against": "child_heard", "result": "differs", "note": "儿童说法不同"}
    commands.examine(inspection, today(seen | examined), by)
    called = {"spoke_with": "guardian", "means": "phone", "result": "not_confirmed"}
    commands.call_back(inspection, today(seen | called), by)
    until = day_in_china(system_clock()) + timedelta(14)
    raised = {
        "finding_code": "contradicted", "severity": "moderate", "text": "记录与儿童说法不符",
        "reply_by": str(until), "deadline": str(until), "worker": worker.actor.author.staff,
        **seen,
    }  # fmt: skip
    finding = commands.raise_finding(inspection, today(raised), by).record_id
    answer = {"finding": str(finding), "text": "当日在走廊简单谈过"}
    commands.explain(inspection, today(answer), worker)
    return Inspected(inspection, finding)


def scope(built: Parts, inspection: UUID) -> Any:
    from services.casefile.history.population import Scope

    return Scope.of(built.streams.fresh(inspection).facts)


def order(days_ago: int) -> dict[str, Any]:
    day = day_in_china(system_clock())
    return today(
        {
            "unit": "c000", "ordered_by": "c000", "inspection_kind": "annual",
            "basis": "annual_plan", "starts_on": str(day), "ends_on": str(day),
            "since": str(day - timedelta(60)), "until": str(day - timedelta(days_ago)),
            "as_of": str(day - timedelta(days_ago)),
        }
    )  # fmt: skip


def today(body: dict[str, Any]) -> dict[str, Any]:
    return {"occurred_on": str(day_in_china(system_clock()))} | body
