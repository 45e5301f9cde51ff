"""One inspection: its cut, its samples and how to redo them, what was seen, found and answered."""

from collections import Counter
from uuid import UUID

from services.casefile.console.inspecting import InspectionPage
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.thing_files import children, thing
from services.casefile.console.visit import Visit
from services.casefile.console.words import Words
from services.casefile.exporting.telling import sentence
from services.casefile.history.inspection_rows import InspectionShown
from services.casefile.history.redrawing import Redrawing, Redrawn
from services.casefile.readmodels.entries import Entries, EntriesFilter, EntryRow
from services.casefile.reports.minutes import BY_ID, Names, minutes
from services.casefile.reports.report import Report


def show(visit: Visit) -> Answer:
    page = InspectionPage(visit)
    context = page.context("") | {"figures": figures(page.shown)}
    # What records are called is looked up file by file, so only for who takes it away.
    report = minutes(page.shown, Spoken(visit) if visit.format else BY_ID)
    return Shown(template="inspection.html", title="Inspection", context=context, report=report)


def figures(inspection: InspectionShown) -> list[tuple[str, int, bool]]:
    """Label, number, and whether it calls for somebody."""
    results = Counter(each.result for each in inspection.examinations if each.counts)
    called = Counter(each.result for each in inspection.callbacks if each.counts)
    unsettled = [f for f in inspection.findings if f.state not in ("withdrawn", "settled")]
    return [
        ("Files drawn", len({c for s in inspection.samples for c in s.cases}), False),
        ("Records examined", sum(results.values()), False),
        ("Of them different", results["differs"], results["differs"] > 0),
        ("Asked about", sum(called.values()), False),
        ("Not confirmed", called["not_confirmed"], called["not_confirmed"] > 0),
        ("Findings", len(inspection.findings), False),
        ("Not settled", len(unsettled), False),
        (
            "Past their deadline",
            sum(f.overdue for f in unsettled),
            any(f.overdue for f in unsettled),
        ),
    ]


def redraw(visit: Visit) -> Answer:
    """The sample drawn again before one's eyes."""
    page = InspectionPage(visit)
    if elsewhere := page.population():
        return elsewhere
    product = visit.desk.product
    again = Redrawing(product.populations, product.inspections).redraw(
        page.id, visit.params["seed"]
    )
    context = page.context("") | {"again": again}
    report = as_report(visit, again)
    return Shown(
        template="redraw.html", title="Drawn again", name=again.seed, context=context, report=report
    )


def as_report(visit: Visit, again: Redrawn) -> Report:
    names = ("inspection_id", "seed", "agrees", "population_size", "population_hash")
    values = {name: getattr(again, name) for name in names}
    drawn = children("cases", "Sampled cases", {"drawn": again.cases})
    return thing(visit, "sample", "Drawn again", values, drawn)


class Spoken(Names):
    """Units by name, records by kind, day and the end of their id, findings by number."""

    def __init__(self, visit: Visit) -> None:
        self._desk = visit.desk
        self._words = Words(visit.labels, visit.desk)
        self._entries = Entries(visit.desk.pool)
        self._known: dict[UUID, dict[UUID, EntryRow]] = {}

    def unit(self, code: str) -> str:
        return self._desk.unit_name(code) or code

    def record(self, case: UUID, record: UUID) -> str:
        if case not in self._known:
            rows = self._entries.all(EntriesFilter(case_id=case))
            self._known[case] = {row.record_id: row for row in rows}
        entry, end = self._known[case].get(record), self._words.short(record)
        if entry is None:
            return end
        return f"{self._words.kind(entry.kind)} {self._words.day(entry.occurred_on)} {end}"

    def finding(self, number: int, finding: UUID) -> str:  # noqa: ARG002
        return str(number)


def take_minutes(visit: Visit) -> Answer:
    page = InspectionPage(visit)
    report = minutes(page.shown, Spoken(visit))
    told = [(p.heading or "", sentence(p, visit.labels)) for p in report.paragraphs]
    return Shown(
        template="minutes.html", title="Minutes of an inspection",
        context=page.context("/minutes") | {"told": told}, report=report,
    )  # fmt: skip


def pages() -> list[Page]:
    one = "/inspections/{inspection_id}"
    return [
        Page(f"{one}/minutes", "read_inspections", take_minutes, files=True),
        Page(f"{one}/samples/{{seed}}", "read_inspections", redraw, files=True),
        Page(one, "read_inspections", show, files=True),
    ]
