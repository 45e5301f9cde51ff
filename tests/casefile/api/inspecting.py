"""An inspection over HTTP: what is done in it, each as one request that is accepted."""

from typing import Any

from tests.casefile.api.calling import Caller, accepted
from tests.casefile.inspected import finding, lots


def post(who: Caller, inspection: str, what: str, body: Any, **headers: str) -> dict[str, Any]:
    return accepted(who.post(f"/v1/inspections/{inspection}/{what}", body, **headers))


def drawn(who: Caller, inspection: str, **fields: Any) -> list[str]:
    post(who, inspection, "samples", lots(**fields))
    shown = accepted(who.get(f"/v1/inspections/{inspection}"))
    return [case for sample in shown["samples"] for case in sample["cases"]]


def raised(who: Caller, inspection: str, **fields: Any) -> str:
    return str(post(who, inspection, "findings", finding(**fields))["record_id"])
