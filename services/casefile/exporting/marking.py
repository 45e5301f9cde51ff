"""What every page carries: the cut it was drawn at, and for whom and what for it was carried out."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from services.casefile.exporting.showing import NO_NAMES, moment, unit
from services.casefile.labels import Labels
from services.casefile.reports.report import Report, Scope, Stamp


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """The watermark. `at` is the moment of the cut, so that the same question is the same file;
    when it was carried out stands in the log, beside its hash. No `staff`: only the log says who."""

    staff: str | None
    purpose: str
    at: datetime


def mark_line(mark: Mark, words: Labels) -> str:
    purpose = words.code("purpose", mark.purpose)
    who = () if mark.staff is None else (mark.staff,)
    return " · ".join((*who, moment(mark.at), purpose))


def mark_of(stamp: Stamp, staff: str, purpose: str, at: datetime) -> Mark:
    """The mark a report gets; who carries out an unnamed one could tell where the child is."""
    return Mark(staff=None if stamp.unnamed else staff, purpose=purpose, at=at)


def stamp_lines(report: Report, words: Labels) -> Iterator[tuple[str, str]]:
    """What is printed under the title: all that is needed to draw the same report again."""
    stamp = report.stamp
    yield words.text("Report"), f"{stamp.report} v{stamp.definition}"
    yield words.text("Scope"), scope_of(stamp, words, report.names)
    yield words.text("As of"), stamp.cut.as_of.isoformat()
    if stamp.cut.known_at is not None:
        yield words.text("Known at"), moment(stamp.cut.known_at)
    yield words.text("Position"), str(stamp.cut.position)
    if not stamp.unnamed:
        yield words.text("Policies"), policies_of(stamp, words)
    if stamp.children is not None:
        yield words.text("Children"), str(stamp.children)


def scope_of(stamp: Stamp, words: Labels, names: Mapping[str, str] = NO_NAMES) -> str:
    if stamp.unnamed:
        return words.text(SCOPE[UNNAMED])
    scope = stamp.scope
    parts = [
        part
        for name, part in (
            ("unit", unit(scope.unit, names) or None),
            ("case", str(scope.case_id) if scope.case_id else None),
            ("staff", scope.staff),
            ("days", days_of(scope)),
        )
        if part is not None
        for part in (f"{words.text(SCOPE[name])} {part}",)
    ]
    return " · ".join(parts) if parts else words.text("Everything on file")


UNNAMED = "unnamed"
SCOPE = {
    "unit": "Unit and all below it",
    "case": "Case",
    "staff": "Member of staff",
    "days": "Days",
    UNNAMED: "One child, who is not named",
}


def days_of(scope: Scope) -> str | None:
    if scope.since is None and scope.until is None:
        return None
    since = scope.since.isoformat() if scope.since else "…"
    until = scope.until.isoformat() if scope.until else "…"
    return f"{since} – {until}"


def policies_of(stamp: Stamp, words: Labels) -> str:
    if not stamp.policies:
        return words.text("none")
    return ", ".join(f"{code} v{version}" for code, version in stamp.policies)
