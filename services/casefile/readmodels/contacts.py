"""Who did something for which child when, in every version a record has had, to find by.

A row says only where to look: what was known at a moment is judged from the child's stream.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.casefile.domain.catalogue import Kind
from services.casefile.domain.effective import amend, effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.case import CaseOpened
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table

CONTACTS = Table(
    name="contacts",
    columns={
        "case_id": "uuid NOT NULL",
        "record_id": "uuid NOT NULL",
        "kind": "text NOT NULL",
        "staff": "text NOT NULL",
        "occurred_on": "date NOT NULL",
        "recorded_at": "timestamptz NOT NULL",
    },
    key=("case_id", "record_id", "staff", "occurred_on"),
    indexes=("staff, occurred_on",),
    adds={"recorded_at": "least(held.recorded_at, new.recorded_at)"},
)
WORKERS = Table(
    name="contact_workers",
    columns={"stream_id": "uuid NOT NULL", "role": "text NOT NULL"},
    key=("stream_id", "role"),
    owner="stream_id",
    indexes=("role, stream_id",),
)
HAVE_HELD = (
    b"SELECT stream_id FROM readmodels.contact_workers "
    b"WHERE role = %s AND stream_id > %s ORDER BY stream_id LIMIT %s"
)
REACHED = b"""
SELECT DISTINCT staff, case_id FROM readmodels.contacts
WHERE staff = ANY(%s) AND kind = ANY(%s) AND occurred_on BETWEEN %s AND %s AND recorded_at <= %s
ORDER BY staff, case_id
"""
# What cannot be read may be hers if it names her, and ids of staff are never sealed.
NAMED_IN_PARKED = b"""
SELECT staff, e.originator_id FROM casefile.parked p
JOIN casefile.followers f ON f.name = p.follower AND f.version = p.version
    AND f.generation = p.generation AND f.state = 'active' AND f.name = 'contacts'
JOIN casefile.stored_events e ON e.originator_id = p.case_id
JOIN unnest(%s::text[]) AS staff ON position(convert_to(to_json(staff)::text, 'UTF8') IN e.state) > 0
GROUP BY staff, e.originator_id ORDER BY staff, e.originator_id
"""
HAS_HELD = b"SELECT FROM readmodels.contact_workers WHERE stream_id = %s LIMIT 1"
OF_STAFF = 5  # the version of an id that is made of a name; a case's is not
FIRST = UUID(int=0)
Link = Connection[tuple[Any, ...]]


class ContactsModel(Model):
    """Rows are added as records come; an amendment writes a case anew."""

    name = "contacts"
    version = 1
    tables = (CONTACTS, WORKERS)

    def restates(self, entry: Entry) -> bool:
        return entry.kind.stream == "staff"

    def rows(self, case: Folded) -> Rows:
        stream = case.entries[0].kind.stream
        if stream == "case":
            return {"contacts": contacts(case.entries)}
        return {"contact_workers": posts(case.entries)} if stream == "staff" else {}

    def added(self, entries: Sequence[Entry]) -> Rows:
        return {"contacts": contacts(entries)}


def contacts(entries: Sequence[Entry]) -> Iterable[Row]:
    """One row for each day and member of staff that a record was ever said to be of."""
    rows: dict[Row, Row] = {}
    for entry in effective(entries):
        if can_be_owed(entry.kind):
            for one in versions(entry):
                staff = (one.env.performed_by or one.env.recorded_by).staff
                place = (entry.stream_id, entry.record_id, staff, one.occurred_on)
                row = (*place[:2], entry.kind.slug, *place[2:], entry.recorded_at)
                rows.setdefault(place, row)
    return rows.values()


def can_be_owed(kind: Kind) -> bool:
    """Whether people do it for a child, and not the system."""
    is_done = kind.declared.recordable or kind.contact is not None or kind.type is CaseOpened
    return is_done and kind.stream == "case"


def posts(entries: Sequence[Entry]) -> Iterable[Row]:
    """One row for each role that somebody was ever said to hold."""
    rows: dict[Row, Row] = {}
    for entry in effective(entries):
        for one in versions(entry):
            for path, value in one.rec.sets(one):
                if path.startswith("posts.") and value["role"] is not None:
                    row = (entry.stream_id, value["role"])
                    rows[row] = row
    return rows.values()


def versions(entry: Entry) -> Iterator[Entry]:
    """An entry as it was recorded, and as it read after each correction."""
    if entry.amended is None:
        yield entry
        return
    original, corrections = entry.amended.original, entry.amended.corrections
    for count in range(len(corrections) + 1):
        yield amend(original, corrections[:count])


def have_held(link: Link, role: str, after: UUID | None, limit: int) -> list[UUID]:
    """The streams of staff who have ever held a post of a role, in order."""
    rows = link.execute(HAVE_HELD, [role, after or FIRST, limit])
    return [stream_id for (stream_id,) in rows]


def may_have_reached(
    link: Link,
    staff: Sequence[str],
    kinds: Sequence[str],
    since: date,
    until: date,
    known_at: datetime,
) -> dict[str, list[UUID]]:
    """By member of staff: the children whose streams have to be looked at.

    Among them those who are parked and name her: nobody knows yet what else they say of her.
    """
    found: dict[str, list[UUID]] = {each: [] for each in staff}
    for who, case_id in link.execute(REACHED, [list(staff), list(kinds), since, until, known_at]):
        found[who].append(case_id)
    for who, case_id in link.execute(NAMED_IN_PARKED, [list(staff)]):
        if case_id.version != OF_STAFF and case_id not in found[who]:
            found[who].append(case_id)
    return found


def has_held_any(link: Link, stream_id: UUID) -> bool:
    """Whether it is the stream of somebody who has ever held a post."""
    return link.execute(HAS_HELD, [stream_id]).fetchone() is not None
