"""The faults of a policy, told in the caller's language."""

from collections.abc import Iterable
from typing import Any

import msgspec

from services.casefile.domain.refusals import CasefileError
from services.casefile.labels import Labels
from services.casefile.policies.faults import Fault, PolicyNotUsable


class FaultOfPolicy(msgspec.Struct, frozen=True):
    """Something wrong at a line and column, counted from 1, and what to do about it."""

    line: int
    column: int
    where: str
    problem: str
    remedy: str


def faults_told(faults: Iterable[Fault], labels: Labels) -> list[FaultOfPolicy]:
    """The faults in the caller's language."""
    said = ((fault, *fault.said(labels.text)) for fault in faults)
    return [FaultOfPolicy(f.line, f.column, f.where, what, remedy) for f, what, remedy in said]


def unusable(error: CasefileError, labels: Labels) -> dict[str, Any]:
    """Every fault, if it is about a policy that cannot be used."""
    if not isinstance(error, PolicyNotUsable):
        return {}
    return {"faults": faults_told(error.faults, labels)}
