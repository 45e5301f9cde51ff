"""All reports there are: what each takes, who may draw it, and which version of it this is."""

from services.casefile.application.context import Role
from services.casefile.reports import (
    compliance,
    distribution,
    misses,
    rates,
)
from services.casefile.reports.asking import Definition, ReportNotFound

# Who may read cases may read what is reckoned from them; who may not sees no small counts.
CASE_LEVEL: frozenset[Role] = frozenset(
    ("teacher", "child_director", "supervisor", "county", "inspector")
)
OFFICES: frozenset[Role] = frozenset(("supervisor", "county", "inspector"))
EVERYBODY: frozenset[Role] = CASE_LEVEL | {"operator"}

DEFINITIONS = (
    Definition(
        code="R2", title="Compliance with the cadence", version=1, roles=EVERYBODY,
        parameters=("unit", "staff", "since", "until", "grade"), draw=compliance.draw,
    ),
    Definition(
        code="R3", title="Missed obligations", version=1, roles=CASE_LEVEL, case_level=True,
        parameters=("unit", "case_id", "staff", "since", "until"), draw=misses.draw,
    ),
    Definition(
        code="R6", title="Filing, enrolment and retention", version=1, roles=EVERYBODY,
        parameters=("unit", "since"), draw=rates.draw,
    ),
    Definition(
        code="R7", title="Who the children are", version=1, roles=EVERYBODY,
        parameters=("unit",), draw=distribution.draw,
    ),
)  # fmt: skip
BY_CODE = {definition.code: definition for definition in DEFINITIONS}


def definition(code: str) -> Definition:
    found = BY_CODE.get(code.upper())
    if found is None:
        raise ReportNotFound
    return found
