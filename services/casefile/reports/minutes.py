"""The minutes of an inspection as a report: drawn by lot, examined, found, answered, decided."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

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


class Names:
    """What is named in the minutes: by its id, unless somebody knows how people call it."""

    def unit(self, code: str) -> str:
        return code

    def record(self, case: UUID, record: UUID) -> str:  # noqa: ARG002
        return str(record)

    def finding(self, number: int, finding: UUID) -> str:  # noqa: ARG002
        return str(finding)


BY_ID = Names()


def minutes(inspection: InspectionShown, names: Names = BY_ID) -> Report:
    """Everything about one inspection; its words as far as they can be shown, units by name."""
    return Report(
        stamp=stamp(inspection),
        title="Minutes of an inspection",
        paragraphs=tuple(paragraphs(inspection, names)),
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
                rows=[looked(each, EXAMINED, names) for each in inspection.examinations],
            ),
            Table(
                name="callbacks", title="Guardians called back", columns=CALLED,
                rows=[looked(each, CALLED, names) for each in inspection.callbacks],
            ),
            Table(
                name="findings", title="Findings", columns=FOUND,
                rows=list(found(inspection.findings, names)),
            ),
            Table(
                name="answers", title="Answers and decisions", columns=SAID,
                rows=list(answers(inspection.findings, names)),
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


def paragraphs(inspection: InspectionShown, names: Names) -> Iterator[Paragraph]:
    address = f"/v1/inspections/{inspection.inspection_id}"
    yield Paragraph(
        heading="What was inspected",
        text="Unit {unit}, ordered by {ordered_by}, from {starts_on} to {ends_on}; records from "
        "{since} to {until}, as the log stood at position {position}.",
        figures=tuple(
            Figure(name=name, value=value_of(inspection, name, names), link=address)
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


def value_of(inspection: InspectionShown, name: str, names: Names) -> Cell:
    value: Cell = getattr(inspection, name)
    return names.unit(str(value)) if name in ("unit", "ordered_by") else value


def results(inspection: InspectionShown) -> dict[str, int]:
    """How often each result stands, of what was looked at last."""
    counts = Counter(e.result for e in inspection.examinations if e.counts)
    counts += Counter(c.result for c in inspection.callbacks if c.counts)
    names = ("agrees", "differs", "not_found", "confirmed", "not_confirmed", "not_reached")
    return {name: counts[name] for name in names}


def found(findings: Sequence[FindingShown], names: Names) -> Iterator[Row]:
    """Numbered in the order in which they were raised."""
    for number, finding in enumerate(findings, 1):
        yield (names.finding(number, finding.finding), *picked(finding, FOUND[1:]))


def answers(findings: Sequence[FindingShown], names: Names) -> Iterator[Row]:
    for number, finding in enumerate(findings, 1):
        called = names.finding(number, finding.finding)
        for said in finding.said:
            own = (said.occurred_on, said.kind, said.by.staff, said.outcome, said.measure)
            yield (called, *own, words(said.text))


def looked(row: Looked, columns: Sequence[Column], names: Names) -> Row:
    cells = {name: getattr(row, name, None) for name in (c.name for c in columns)}
    cells |= {
        "record": names.record(row.case, row.record),
        "by": row.by.staff,
        "note": words(row.note),
    }
    return tuple(cells[column.name] for column in columns)


def picked(row: SampleShown | FindingShown, columns: Sequence[Column]) -> Row:
    cells = {column.name: getattr(row, NAMED.get(column.name, column.name)) for column in columns}
    if "text" in cells:
        cells["text"] = words(cells["text"])
    return tuple(cells[column.name] for column in columns)


def words(text: Any) -> str | None:
    """The words, or why they cannot be shown."""
    if isinstance(text, dict):
        return f"[{text['withheld']}]"
    return None if text is None else str(text)
