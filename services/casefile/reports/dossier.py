"""R1: one child's whole file on paper, with room for signatures; its events go along (PDF/A-3)."""

from collections.abc import Iterator
from typing import Any

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.history.cohort import Seen
from services.casefile.history.disclosing import disclosure
from services.casefile.history.rows import lag_days, row
from services.casefile.log.disclosure import Disclosure
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Cell, Column, Report, Row, Table

HIDDEN = ("keys.", "last.")
FACTS = (
    Column("fact", "Fact", "code"),
    Column("says", "Value", "fields"),
    Column("since", "Since", "day"),
    Column("kind", "Source", "code"),
    Column("record", "Record"),
    Column("entered", "Entered", "moment"),
)
TIMELINE = (
    Column("occurred_on", "Happened on", "day"),
    Column("kind", "Kind", "code"),
    Column("content", "Content", "fields"),
    Column("performed_by", "Done by", "staff"),
    Column("recorded_by", "Entered by", "staff"),
    Column("entered", "Entered", "moment"),
    Column("lag", "Lag in days", "count"),
    Column("state", "State", "code"),
)
OWED = (
    Column("rule", "Rule"),
    Column("window", "Window"),
    Column("due_on", "Due", "day"),
    Column("obligor", "Owed by", "code"),
    Column("accountable", "Accountable", "staff"),
    Column("outcome", "Outcome", "code"),
    Column("in_window", "In the window", "code"),
    Column("entered_in_time", "Entered in time", "code"),
)
SIGNATURES = ("Recorded by", "Checked by", "Head of unit (seal)")
NOTES = (
    "Nothing in this file is deleted. What was corrected or annulled is listed as it now reads.",
    "The events of the file go along as an attachment of the PDF, in the order they were recorded.",
)


def draw(ground: Ground) -> Report:
    [child] = ground.cases()
    opening = disclosure(ground.keyring, child.id, child.recorded)
    tables = (
        Table(name="facts", title="The file", columns=FACTS, rows=list(facts(child, opening))),
        Table(name="timeline", title="Records", columns=TIMELINE, rows=timeline(child, opening)),
        Table(name="obligations", title="What was owed", columns=OWED, rows=list(owed(child))),
    )
    events = [row(entry, opening) for entry in child.recorded if entry.kind.slug != "keys"]
    data = {"signatures": SIGNATURES, "events": events}
    return ground.report(children=1, tables=tables, notes=NOTES, data=data)


def facts(child: Seen, opening: Disclosure) -> Iterator[Row]:
    for path in sorted(child.facts):
        if path.startswith(HIDDEN):
            continue
        fact = child.facts[path]
        entry = fact.entry
        yield (
            path,
            told({path.rpartition(".")[2]: opening.fact(fact)}),
            fact.since,
            entry.kind.slug,
            str(entry.record_id),
            entry.recorded_at,
        )


def timeline(child: Seen, opening: Disclosure) -> Iterator[Row]:
    """In the order of the days; made while it is read, for a file can be long."""
    entries = (e for e in child.entries if e.kind.slug != "keys")
    for entry in sorted(entries, key=lambda e: (e.occurred_on, e.version)):
        env = entry.env
        yield (
            env.occurred_on,
            entry.kind.slug,
            told(opening.entry(entry)),
            (env.performed_by or env.recorded_by).staff,
            env.recorded_by.staff,
            entry.recorded_at,
            lag_days(entry),
            state(entry),
        )


def owed(child: Seen) -> Iterator[Row]:
    for each in child.obligations:
        who = each.accountable
        yield (
            each.rule,
            each.window.key,
            each.window.due_on,
            each.obligor,
            who.staff if who else None,
            each.outcome,
            yes(each.in_window),
            yes(each.entered_in_time),
        )


def yes(answer: bool | None) -> Cell:
    return None if answer is None else ("yes" if answer else "no")


def state(entry: Entry) -> str:
    if entry.is_annulled:
        return "annulled"
    return "corrected" if entry.amended is not None and entry.amended.corrections else "current"


def told(says: dict[str, Any]) -> str:
    """What a record says, as data; whoever shows it finds the words."""
    return msgspec.json.encode(says, enc_hook=str).decode()
