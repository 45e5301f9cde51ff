"""R32: who was honoured (表彰), with what, by whom and when: children and all who stand by them."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.honours import (
    GuardianCommended,
    StaffCommended,
    UnitCommended,
)
from services.casefile.domain.families.school import AwardReceived
from services.casefile.domain.record import StreamType
from services.casefile.domain.staff_posts import post_on, unit_on
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Table

STREAMS: frozenset[StreamType] = frozenset(("case", "unit", "staff"))
TEACHERS = ("class_teacher", "subject_teacher", "life_teacher")
WHOM = ("child", "teacher", "caring_person", "staff", "guardian", "mentor", "class", "unit")
BY_WHOM = (Column("whom", "Whom", "code"), Column("count", "Commendations", "count"))
COUNTS = (
    Column("whom", "Whom", "code"),
    Column("honour", "Honour", "code"),
    Column("awarded_by", "Awarded by", "code"),
    Column("occasion", "Occasion", "code"),
    Column("count", "Commendations", "count"),
)
LIST = (
    Column("occurred_on", "Happened on", "day"),
    *COUNTS[:4],
    Column("case", "Case", "case"),
    Column("staff", "Member of staff", "staff"),
    Column("unit", "Unit", "unit"),
)
NOTES = (
    "Counted are the records of the days asked about: awards of children, and commendations of staff, of units, and of guardians and mentors in the files of their children.",
    "Staff honoured as a caring person count as such, others by the post they held on that day. Where a record does not say the occasion, none is counted for it.",
    "A guardian with several children on file counts for each file that says so.",
)


class Honoured(NamedTuple):
    """One record: what is counted of it, and on whose stream it stands."""

    whom: str
    honour: str
    awarded_by: str
    occasion: str | None


def draw(ground: Ground) -> Report:
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    counts: Counter[Honoured] = Counter()
    listed: list[Row] = []
    children = 0
    for seen in ground.at.streams(STREAMS, ground.progress, ground.asked.unit):
        if not seen.is_within(ground.asked.unit):
            continue
        children += seen.stream == "case" and seen.is_open
        for entry, honoured in commended(ground, seen):
            counts[honoured] += 1
            listed.append((entry.occurred_on, *honoured, *of_whom(seen)))
    people = Counter(dict.fromkeys(WHOM, 0))
    for honoured, count in counts.items():
        people[honoured.whom] += count
    rows = [(*honoured, counts[honoured]) for honoured in sorted(counts, key=in_order)]
    tables = [
        Table(name="whom", title="By whom was honoured", columns=BY_WHOM,
              rows=list(people.items())),
        Table(name="honours", title="By honour", columns=COUNTS, rows=rows),
    ]  # fmt: skip
    if ground.reader.case_level:
        listed.sort(key=str)
        tables.append(Table(name="list", title="Commendations", columns=LIST, rows=listed))
    return ground.report(children=children, tables=tables, notes=NOTES, days=True)


def commended(ground: Ground, seen: Seen) -> Iterator[tuple[Entry, Honoured]]:
    for entry in seen.current:
        found = honoured(seen, entry) if ground.in_days(entry.occurred_on) else None
        if found is not None:
            yield entry, found


def honoured(seen: Seen, entry: Entry) -> Honoured | None:
    match entry.rec:
        case AwardReceived() as rec:
            return Honoured("child", rec.award, rec.awarded_by, rec.occasion)
        case GuardianCommended() as rec:
            return Honoured(rec.whom, rec.honour, rec.awarded_by, rec.occasion)
        case StaffCommended() as rec:
            return Honoured(sort_of(seen, entry, rec), rec.honour, rec.awarded_by, rec.occasion)
        case UnitCommended() as rec:
            then = unit_on(seen.facts, entry.occurred_on)
            whom = "class" if then is not None and then.kind == "class" else "unit"
            return Honoured(whom, rec.honour, rec.awarded_by, rec.occasion)
    return None


def sort_of(seen: Seen, entry: Entry, rec: StaffCommended) -> str:
    if rec.honour == "caring_person":
        return rec.honour
    post = post_on(seen.facts, entry.occurred_on)
    return "teacher" if post is not None and post.role in TEACHERS else "staff"


def of_whom(seen: Seen) -> tuple[UUID | None, str | None, str | None]:
    """The child, the member of staff, the unit: the one whose stream it is."""
    case = seen.id if seen.stream == "case" else None
    staff = str(seen.fact("staff.id")) if seen.stream == "staff" else None
    unit = str(seen.fact("unit.code")) if seen.stream == "unit" else None
    return case, staff, unit


def in_order(each: Honoured) -> tuple[int, str]:
    return WHOM.index(each.whom), str(each)
