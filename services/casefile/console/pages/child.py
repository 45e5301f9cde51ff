"""A child's file at a glance: every current fact with the record that says so, and what came last."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.casefile.api.asked import AskedMoment
from services.casefile.console.child_file import ChildFile, whole
from services.casefile.console.listing import report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.cadence.obligation import State
from services.casefile.history.history import HIDDEN
from services.casefile.history.obligations import ObligationFilter
from services.casefile.history.rows import heading
from services.casefile.reports.dossier import told as said
from services.casefile.reports.report import Column, Report, Row, Scope

LATEST = 8
Groups = list[tuple[str, list[dict[str, Any]]]]
OPEN: tuple[State, ...] = ("overdue", "due_soon", "open")
# The groups of facts in the order people look for them; what fits nowhere comes last.
GROUPS = (
    ("The child", ("child", "status", "opened_on", "definition", "level")),
    (
        "Guardian and family",
        ("guardian", "father", "mother", "parent", "parents", "family", "home"),
    ),
    ("Who answers", ("workers", "pairings")),
    ("School and health", ("school", "health")),
)
OTHERS = "Everything else"
# Money has a page of its own, and the year is in the date of birth.
ELSEWHERE = (*HIDDEN, "grants.", "rates.", "disbursements.", "deliveries.", "child.birth_year")
# The rest of a group follows by name.
FIRST = (
    "child.name", "child.sex", "child.birth_date", "status", "opened_on", "child.population",
    "definition", "child.difficulties", "level.care", "child.school", "child.class_unit",
    "child.grade", "child.village", "guardian.type", "guardian.relation", "guardian.name",
)  # fmt: skip
COLUMNS = (
    Column("fact", "Item", "code"),
    Column("says", "Value", "fields"),
    Column("since", "Since", "day"),
    Column("kind", "Source", "code"),
    Column("version", "No.", "count"),
    Column("recorded_at", "recorded_at", "moment"),
)


def show(visit: Visit) -> Answer:
    file = ChildFile(visit, visit.asked(AskedMoment))
    found = groups(file)
    context = file.context("") | {
        "groups": found,
        "latest": latest(file),
        "owed": owed(visit, file),
        "system": LATEST,
    }
    report = as_report(visit, file, found)
    return Shown(template="child.html", title="File", context=context, report=report)


def as_report(visit: Visit, file: ChildFile, found: Groups) -> Report:
    """What is on file at the moment that is looked at, in the order of the page."""
    scope, rows = Scope(case_id=file.case_id), cells(found)
    return report_of(
        visit, "overview", "What is on file", COLUMNS, rows, scope=scope, moment=file.moment
    )


def cells(found: Groups) -> Iterator[Row]:
    for _, facts in found:
        for fact in facts:
            value = said({fact["field"]: fact["value"]})
            source = (fact["kind"], fact["version"], fact["recorded_at"])
            yield (fact["path"], value, fact["since"], *source)


def groups(file: ChildFile) -> Groups:
    """The facts under headings; the label of a group is English."""
    found: dict[str, list[dict[str, Any]]] = {}
    facts = file.view.facts if file.view else {}
    for path in sorted(facts, key=order_of):
        if not path.startswith(ELSEWHERE):
            fact = facts[path]
            found.setdefault(group_of(path), []).append(told(file, path, fact))
    order = [label for label, _ in GROUPS] + [OTHERS]
    return [(label, found[label]) for label in order if label in found]


def group_of(path: str) -> str:
    first = path.partition(".")[0]
    return next((label for label, names in GROUPS if first in names), OTHERS)


def order_of(path: str) -> tuple[int, str]:
    return (FIRST.index(path) if path in FIRST else len(FIRST)), path


def told(file: ChildFile, path: str, fact: Any) -> dict[str, Any]:
    return {
        "path": path,
        "field": path.rpartition(".")[2],
        "value": file.shown(path),
        "since": fact.since,
        **heading(fact.entry),
    }


def latest(file: ChildFile) -> Sequence[dict[str, Any]]:
    """The last records that people made; what the clock said is on the timeline."""
    if file.view is None:
        return []
    people = [e for e in file.view.entries if e.kind.slug != "keys" and e.env.source != "system"]
    newest = sorted(people, key=lambda e: e.version, reverse=True)[:LATEST]
    return [whole(entry, file.view.disclosure) for entry in newest]


def owed(visit: Visit, file: ChildFile) -> Sequence[Any]:
    """What is open at the moment that is looked at."""
    if not file.is_on_file:
        return []
    page = visit.desk.product.obligations.of(
        file.case_id, file.moment, visit.desk.now, asked=ObligationFilter(states=OPEN), limit=6
    )
    return page.rows


def pages() -> list[Page]:
    return [Page("/cases/{case_id}", "read_case", show, files=True)]
