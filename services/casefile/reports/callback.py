"""R14: whom to ring up: the children an inspection drew by lot, and what their guardians are asked."""

from collections.abc import Iterator
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.record import StreamType
from services.casefile.domain.refusals import Absent
from services.casefile.history.cohort import Seen
from services.casefile.history.disclosing import disclosure
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Cell, Column, Figure, Paragraph, Report, Row, Table

COLUMNS = (
    Column("case", "Case", "case"),
    Column("class_unit", "Class", "unit"),
    Column("guardian", "Guardian"),
    Column("phone", "Phone"),
    Column("record", "Record"),
    Column("kind", "Kind", "code"),
    Column("occurred_on", "Happened on", "day"),
    Column("staff", "By", "staff"),
    Column("answer", "Did it happen? (yes / no / cannot say)"),
    Column("remark", "Remark"),
)
SIGNATURES = ("Called by", "Checked by")
INSPECTION: StreamType = "inspection"
PER_CHILD = 3
NOTES = (
    "Asked about are the last three contacts of each child that a guardian or the child can confirm.",
    "The seed is public: with it and the population the same children are drawn again.",
)


class SampleNotFound(Absent):
    """There is no such inspection, or no sample was drawn in it with this seed."""

    remedy = "Draw the sample first; GET /v1/inspections lists inspections."


def draw(ground: Ground) -> Report:
    assert ground.asked.inspection is not None
    samples = drawn(ground, ground.asked.inspection)
    sample = samples.get(ground.asked.seed or next(iter(samples), ""))
    if sample is None:
        raise SampleNotFound
    rows: list[Row] = []
    children = sampled(sample)
    for done, case_id in enumerate(children, start=1):
        rows += sheet(ground, ground.at.case(case_id))
        ground.progress(done, len(children))
    table = Table(name="calls", title="Calls", columns=COLUMNS, rows=rows)
    data = {
        "signatures": SIGNATURES,
        "seed": getattr(sample.rec, "seed", None),
        "population": getattr(sample.rec, "population_size", None),
        "population_hash": getattr(sample.rec, "population_hash", None),
        "sample": [str(case_id) for case_id in children],
    }
    lot = lottery(data, len(children))
    return ground.report(
        children=len(children), tables=(table,), paragraphs=(lot,), notes=NOTES, data=data
    )


def lottery(data: dict[str, object], size: int) -> Paragraph:
    return Paragraph(
        text="{size} children were drawn by lot out of {population}, with the seed {seed}.",
        figures=(
            Figure(name="size", value=size),
            Figure(name="population", value=str(data["population"])),
            Figure(name="seed", value=str(data["seed"])),
        ),
    )


def drawn(ground: Ground, inspection: UUID) -> dict[str, Entry]:
    """The samples of an inspection by their seeds, the first one drawn first."""
    seen = ground.at.stream(inspection, INSPECTION)
    entries = seen.current if seen is not None else ()
    return {str(getattr(e.rec, "seed", "")): e for e in entries if e.kind.slug == "sample"}


def sampled(entry: Entry) -> tuple[UUID, ...]:
    cases: tuple[UUID, ...] = getattr(entry.rec, "cases", ())
    return cases


def sheet(ground: Ground, child: Seen) -> Iterator[Row]:
    """A line for each contact that can be confirmed; one without any still has its line."""
    opening = disclosure(ground.keyring, child.id, child.recorded)

    def shown(path: str) -> str:
        fact = child.facts.get(path)
        found = opening.fact(fact) if fact is not None else None
        return found if isinstance(found, str) else ""

    phone = shown("guardian.phone") or shown("child.home_phone")
    who: tuple[Cell, ...] = (child.id, shown("child.class_unit") or None, shown("guardian.name"))
    contacts = [e for e in child.current if e.kind.contact is not None and e.rec.reaches()]
    contacts.sort(key=lambda e: (e.occurred_on, e.version), reverse=True)
    for entry in contacts[:PER_CHILD]:
        by = (entry.env.performed_by or entry.env.recorded_by).staff
        what = (str(entry.record_id), entry.kind.slug, entry.occurred_on, by)
        yield (*who, phone, *what, None, None)
    if not contacts:
        yield (*who, phone, None, None, None, None, None, None)
