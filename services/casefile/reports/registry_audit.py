"""R1 to R17: what an inspection asks for."""

from services.casefile.reports import (
    access,
    amendments,
    appraisal,
    callback,
    changes,
    compliance,
    distribution,
    dossier,
    funding,
    integrity,
    lags,
    misses,
    pairings,
    plans,
    rates,
    reporting,
    summary,
)
from services.casefile.reports.asking import Definition
from services.casefile.reports.readers import CASE_LEVEL, EVERYBODY, OFFICES

AUDIT = (
    Definition(
        code="R1", title="Case dossier", version=1, roles=CASE_LEVEL, case_level=True,
        parameters=("case_id",), needs=("case_id",), draw=dossier.draw,
    ),
    Definition(
        code="R2", title="Compliance with the cadence", version=1, roles=EVERYBODY,
        parameters=("unit", "staff", "since", "until", "grade"), draw=compliance.draw,
    ),
    Definition(
        code="R3", title="Missed obligations", version=1, roles=CASE_LEVEL, case_level=True,
        parameters=("unit", "case_id", "staff", "since", "until"), draw=misses.draw,
    ),
    Definition(
        code="R4", title="Entry lag", version=1, roles=OFFICES | {"operator"},
        parameters=("unit", "staff", "since", "until"), draw=lags.draw,
    ),
    Definition(
        code="R5", title="Changes since an earlier moment", version=1, roles=OFFICES,
        case_level=True, parameters=("unit", "case_id", "known_from"), needs=("known_from",),
        draw=changes.draw,
    ),
    Definition(
        code="R6", title="Filing, enrolment and retention", version=1, roles=EVERYBODY,
        parameters=("unit", "since"), draw=rates.draw,
    ),
    Definition(
        code="R7", title="Who the children are", version=1, roles=EVERYBODY,
        parameters=("unit",), draw=distribution.draw,
    ),
    Definition(
        code="R8", title="Funding granted and delivered", version=1, roles=EVERYBODY,
        parameters=("unit", "case_id", "since", "until"), draw=funding.draw,
    ),
    Definition(
        code="R9", title="Mandatory reports", version=1, roles=OFFICES, case_level=True,
        parameters=("unit", "since", "until"), draw=reporting.draw,
    ),
    Definition(
        code="R10", title="Pairing", version=1, roles=EVERYBODY, parameters=("unit",),
        draw=pairings.draw,
    ),
    Definition(
        code="R11", title="Corrections, annulments and waivers", version=1, roles=OFFICES,
        case_level=True, parameters=("unit", "case_id", "since", "until"), draw=amendments.draw,
    ),
    Definition(
        code="R12", title="Who took the file out", version=1, roles=OFFICES, case_level=True,
        parameters=("case_id",), needs=("case_id",), draw=access.draw,
    ),
    Definition(
        code="R13", title="Appraisal run", version=1, roles=OFFICES, case_level=True,
        parameters=("unit", "since", "until", "formula"), draw=appraisal.draw,
    ),
    Definition(
        code="R14", title="Callback sheet", version=1, roles=frozenset(("inspector",)),
        case_level=True, parameters=("inspection", "seed"), needs=("inspection",),
        draw=callback.draw,
    ),
    Definition(
        code="R15", title="Integrity certificate", version=1, roles=CASE_LEVEL, parameters=("unit",),
        draw=integrity.draw,
    ),
    Definition(
        code="R16", title="Term summary", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=summary.draw,
    ),
    Definition(
        code="R17", title="Plan and done", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=plans.draw,
    ),
)  # fmt: skip
