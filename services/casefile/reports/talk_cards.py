"""R19: how completely the cards of talks (谈心记录卡) are filled in; of one child, the cards themselves."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

from services.casefile.domain.cadence.days import CHINA
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.contact import TalkDomains, TalkHeld
from services.casefile.domain.filled import filled
from services.casefile.history.cohort import Seen
from services.casefile.history.disclosing import disclosure
from services.casefile.reports.asking import Ground
from services.casefile.reports.branches import branch
from services.casefile.reports.dossier import state, told
from services.casefile.reports.report import Cell, Column, Report, Row, Share, Table

CARD = ("place", "minutes", "domains", "own_words", "mood", "concerns", "next_step")
DOMAINS = TalkDomains.__struct_fields__
FIELDS = (
    Column("dimension", "Card", "code"),
    Column("value", "Filled in", "code"),
    Column("share", "Talks", "share"),
)
COUNTS = (
    Column("talks", "Talks", "count"),
    Column("complete", "Complete cards", "share"),
    Column("filled", "Fields filled in", "share"),
)
UNITS = (Column("branch", "Unit", "unit"), *COUNTS)
PEOPLE = (Column("staff", "Member of staff", "staff"), *COUNTS)
LINES = (Column("fact", "Field", "code"), Column("says", "Content", "fields"))
SIGNATURES = ("Talked by", "Checked by")
NOTES = (
    "A card has seven fields: place, minutes, what was talked about, the child's own words, mood, concerns, next step. It is complete with all seven.",
    "What was talked about counts with one of the five: study, life, emotion, friendship, body.",
    "Where nothing else is said, the place is the school; so the place always counts as filled in.",
    "A talk counts for whoever held it, and for the unit the child belonged to at the cut.",
)


class Cards:
    """The cards of one unit, or of one member of staff."""

    def __init__(self) -> None:
        self.talks = self.complete = 0
        self.fields: Counter[str] = Counter()
        self.domains: Counter[str] = Counter()

    def take(self, rec: TalkHeld) -> None:
        has = filled_in(rec)
        self.talks += 1
        self.complete += len(has) == len(CARD)
        self.fields.update(has)
        self.domains.update(list(filled(rec.domains)) if rec.domains is not None else ())

    @property
    def cells(self) -> Row:
        of_all = Share(self.fields.total(), self.talks * len(CARD))
        return self.talks, Share(self.complete, self.talks), of_all

    def rows(self) -> Iterator[Row]:
        yield from (("card", name, Share(self.fields[name], self.talks)) for name in CARD)
        yield from (("domains", name, Share(self.domains[name], self.talks)) for name in DOMAINS)


def draw(ground: Ground) -> Report:
    everything = Cards()
    units: defaultdict[str, Cards] = defaultdict(Cards)
    people: defaultdict[str, Cards] = defaultdict(Cards)
    children: set[UUID] = set()
    printed: list[Table] = []
    for child in ground.cases():
        children.add(child.id)
        place = branch(ground, child.places, ground.at.pinned.as_of) or ""
        for entry, rec in talks(ground, child):
            for cards in (everything, units[place], people[held_by(entry)]):
                cards.take(rec)
        if ground.asked.case_id is not None and ground.reader.case_level:
            printed = list(cards_of(ground, child))
    tables = [
        Table(name="fields", title="Fields of the card", columns=FIELDS,
              rows=list(everything.rows())),
        Table(name="units", title="By unit", columns=UNITS,
              rows=[(unit, *units[unit].cells) for unit in sorted(units)]),
    ]  # fmt: skip
    if ground.reader.case_level:
        rows = [(staff, *people[staff].cells) for staff in sorted(people)]
        tables.append(Table(name="people", title="By who talked", columns=PEOPLE, rows=rows))
    data = {"signatures": SIGNATURES} if printed else None
    return ground.report(
        children=len(children), tables=[*tables, *printed], notes=NOTES, days=True, data=data
    )


def talks(ground: Ground, child: Seen) -> Iterator[tuple[Entry, TalkHeld]]:
    for entry in child.current:
        rec = entry.rec
        if isinstance(rec, TalkHeld) and ground.in_days(entry.occurred_on) and is_by(ground, entry):
            yield entry, rec


def is_by(ground: Ground, entry: Entry) -> bool:
    return ground.asked.staff in (None, held_by(entry))


def held_by(entry: Entry) -> str:
    return (entry.env.performed_by or entry.env.recorded_by).staff


def filled_in(rec: TalkHeld) -> list[str]:
    has = filled(rec, CARD)
    if rec.domains is not None and not filled(rec.domains):
        del has["domains"]
    return list(has)


def cards_of(ground: Ground, child: Seen) -> Iterator[Table]:
    """A table for each talk, in the order of the days."""
    opening = disclosure(ground.keyring, child.id, child.recorded)
    found = sorted(talks(ground, child), key=lambda each: (each[0].occurred_on, each[0].version))
    for number, (entry, rec) in enumerate(found, 1):
        says = opening.entry(entry)
        has = filled_in(rec)
        lines: dict[str, Cell] = {
            "case": str(child.id),
            "occurred_on": entry.occurred_on.isoformat(),
            "performed_by": held_by(entry),
            **{name: says.get(name, "school" if name == "place" else None) for name in CARD},
            "note": says.get("note"),
            "state": state(entry),
            "recorded_at": entry.recorded_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"),
        }
        yield Table(
            name=f"card_{number}",
            title="Talk record card",
            columns=LINES,
            rows=[(name, told({name: value})) for name, value in lines.items()],
            is_card=True,
            notes=() if len(has) == len(CARD) else ("This card is not complete.",),
        )
