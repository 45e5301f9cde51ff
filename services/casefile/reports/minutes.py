"""The minutes of an inspection as a report: drawn by lot, examined, found, answered, decided."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from services.casefile.history.inspection_rows import (
    FindingShown,
    InspectionShown,
    Looked,
    SampleShown,
)
from services.casefile.reports.report import (
    Cell,
    Column,
    Cut,
    Figure,
    Paragraph,
    Report,
    Row,
    Scope,
    Stamp,
    Table,
)

DEFINITION = 1
Named = Callable[[str], str]
"""What a unit is called, by its code."""
SAMPLES = (
    Column("drawn_on", "Drawn on", "day"),
    Column("seed", "Seed"),
    Column("seed_source", "Seed source", "code"),
    Column("algorithm", "Algorithm", "code"),
    Column("stratified_by", "Stratified by", "code"),
    Column("sample_size", "Sample size", "count"),
    Column("population_size", "Population size", "count"),
    Column("population_hash", "Population hash"),
)
CASES = (Column("seed", "Seed"), Column("case", "Case number", "case"))
EXAMINED = (
    Column("occurred_on", "Occurred on", "day"),
    Column("case", "Case number", "case"),
    Column("record", "Record"),
    Column("against", "Against", "code"),
    Column("result", "Result", "code"),
    Column("by", "By", "staff"),
    Column("note", "Note"),
)
CALLED = (
    Column("occurred_on", "Occurred on", "day"),
    Column("case", "Case number", "case"),
    Column("record", "Record"),
    Column("spoke_with", "Spoke with", "code"),
    Column("means", "Means", "code"),
    Column("result", "Result", "code"),
    Column("by", "By", "staff"),
    Column("note", "Note"),
)
FOUND = (
    Column("finding", "Finding"),
    Column("raised_on", "Raised on", "day"),
    Column("finding_code", "Finding code", "code"),
    Column("severity", "Severity", "code"),
    Column("case", "Case number", "case"),
    Column("worker", "Worker", "staff"),
    Column("unit", "Unit", "unit"),
    Column("deadline", "Deadline", "day"),
    Column("finding_state", "State", "code"),
    Column("text", "Text"),
)
SAID = (
    Column("finding", "Finding"),
    Column("occurred_on", "Occurred on", "day"),
    Column("act", "Kind", "code"),
    Column("by", "By", "staff"),
    Column("outcome", "Outcome", "code"),
    Column("measure", "Measure", "code"),
    Column("text", "Text"),
)


# A code is put into words by the name of its column.
NAMED = {"finding_state": "state"}


def minutes(inspection: InspectionShown, named: Named = str) -> Report:
    """Everything about one inspection; its words as far as they can be shown, units by name."""
    return Report(
        stamp=stamp(inspection),
        title="Minutes of an inspection",
        paragraphs=tuple(paragraphs(inspection, named)),
        tables=(
            Table(
                name="samples", title="Samples", columns=SAMPLES,
                rows=[picked(each, SAMPLES) for each in inspection.samples],
            ),
            Table(
                name="sampled", title="Sampled cases", columns=CASES,
                rows=[(s.seed, case) for s in inspection.samples for case in s.cases],
            ),
            Table(
                name="examinations", title="Records examined", columns=EXAMINED,
                rows=[looked(each, EXAMINED) for each in inspection.examinations],
            ),
            Table(
                name="callbacks", title="Guardians called back", columns=CALLED,
                rows=[looked(each, CALLED) for each in inspection.callbacks],
            ),
            Table(
                name="findings", title="Findings", columns=FOUND,
                rows=[picked(each, FOUND) for each in inspection.findings],
            ),
            Table(
                name="answers", title="Answers and decisions", columns=SAID,
                rows=list(answers(inspection.findings)),
            ),
        ),
    )  # fmt: skip


def stamp(inspection: InspectionShown) -> Stamp:
    drawn: Sequence[SampleShown] = inspection.samples
    return Stamp(
        report="minutes",
        definition=DEFINITION,
        cut=Cut(inspection.as_of, inspection.position, inspection.known_at),
        scope=Scope(unit=inspection.unit, since=inspection.since, until=inspection.until),
        children=drawn[0].population_size if drawn else None,
    )


def paragraphs(inspection: InspectionShown, named: Named) -> Iterator[Paragraph]:
    address = f"/v1/inspections/{inspection.inspection_id}"
    yield Paragraph(
        heading="What was inspected",
        text="Unit {unit}, ordered by {ordered_by}, from {starts_on} to {ends_on}; records from "
        "{since} to {until}, as the log stood at position {position}.",
        figures=tuple(
            Figure(name=name, value=value_of(inspection, name, named), link=address)
            for name in ("unit", "ordered_by", "starts_on", "ends_on", "since", "until", "position")
        ),
    )
    counted = {
        "drawn": len({case for sample in inspection.samples for case in sample.cases}),
        "examined": sum(each.counts for each in inspection.examinations),
        "called": sum(each.counts for each in inspection.callbacks),
        "findings": len(inspection.findings),
    } | results(inspection)
    yield Paragraph(
        heading="What was done",
        text="{drawn} files drawn; {examined} records examined: {agrees} agree, {differs} differ, "
        "{not_found} without anything to hold them against; {called} records asked about: "
        "{confirmed} confirmed, {not_confirmed} not confirmed, {not_reached} not reached; "
        "{findings} findings.",
        figures=tuple(Figure(name=n, value=v, link=address) for n, v in counted.items()),
    )
    if inspection.closing is not None:
        yield Paragraph(
            heading="Summary",
            text="{summary}",
            figures=(Figure(name="summary", value=words(inspection.closing.summary)),),
        )


def value_of(inspection: InspectionShown, name: str, named: Named) -> Cell:
    value: Cell = getattr(inspection, name)
    return named(str(value)) if name in ("unit", "ordered_by") else value


def results(inspection: InspectionShown) -> dict[str, int]:
    """How often each result stands, of what was looked at last."""
    counts = Counter(e.result for e in inspection.examinations if e.counts)
    counts += Counter(c.result for c in inspection.callbacks if c.counts)
    names = ("agrees", "differs", "not_found", "confirmed", "not_confirmed", "not_reached")
    return {name: counts[name] for name in names}


def answers(findings: Sequence[FindingShown]) -> Iterator[Row]:
    for finding in findings:
        for said in finding.said:
            own = (said.occurred_on, said.kind, said.by.staff, said.outcome, said.measure)
            yield (str(finding.finding), *own, words(said.text))


def looked(row: Looked, columns: Sequence[Column]) -> Row:
    cells = {name: getattr(row, name, None) for name in (c.name for c in columns)}
    cells |= {"record": str(row.record), "by": row.by.staff, "note": words(row.note)}
    return tuple(cells[column.name] for column in columns)


def picked(row: SampleShown | FindingShown, columns: Sequence[Column]) -> Row:
    cells = {column.name: getattr(row, NAMED.get(column.name, column.name)) for column in columns}
    cells |= {name: words(cells[name]) for name in ("text", "finding") if name in cells}
    return tuple(cells[column.name] for column in columns)


def words(text: Any) -> str | None:
    """The words, or why they cannot be shown."""
    if isinstance(text, dict):
        return f"[{text['withheld']}]"
    return None if text is None else str(text)
