"""R24: activities, trainings and prizes: how often, for how many, and how many times in all."""

from uuid import UUID

from services.casefile.domain.families.group import GroupSessionHeld
from services.casefile.domain.record import StreamType
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.gatherings import GUARDIAN_TRAININGS, Gatherings
from services.casefile.reports.report import Column, Report, Row, Share, Table
from services.casefile.reports.taking_part import TakingPart

STREAMS: frozenset[StreamType] = frozenset(("case", "unit", "group", "staff"))
SESSIONS = (
    Column("session_kind", "Kind of session", "code"),
    Column("sessions", "Sessions", "count"),
    Column("persons", "Children", "count"),
    Column("times", "Person-times", "count"),
    Column("guardians", "Attendances of guardians", "count"),
)
COUNTED = (
    Column("activity", "Activity", "code"),
    Column("records", "Records", "count"),
    Column("sessions", "Sessions", "count"),
    Column("heads", "Heads", "count"),
    Column("times", "Person-times", "count"),
)
TAKEN_PART = (
    Column("activity", "Activity", "code"),
    Column("children", "Took part", "share"),
    Column("times", "Person-times", "count"),
    Column("prized", "Of them with a prize", "share"),
)
AWARDS = (
    Column("award", "Kind of award", "code"),
    Column("awards", "Number of awards", "count"),
    Column("children", "Children", "share"),
)
VISITS = (
    Column("way", "Way", "code"),
    Column("children", "Children reached", "share"),
    Column("times", "Times, by the files", "count"),
    Column("counted", "Times, counted by units", "count"),
)
GUARDIANS = (
    Column("session_kind", "Kind of session", "code"),
    Column("sessions", "Sessions", "count"),
    Column("guardians", "Attendances of guardians", "count"),
    Column("nameless", "Sessions that do not say whose guardians came", "count"),
    Column("families", "Children whose guardians came", "share"),
)
TRAININGS = (
    Column("training", "Training", "code"),
    Column("people", "Staff", "count"),
    Column("times", "Person-times", "count"),
)
COUNTED_AS = {"visited": "household_visits", "phoned": "phone_visits"}
NOTES = (
    "Children of sessions and files are different persons; person-times count each time one came.",
    (
        "Where a unit only counted, nobody is named: heads are added up over its records, so somebody "
        "who came to two of them is in there twice. Without person-times, heads stand for them."
    ),
    (
        "Prizes are awards won on the days asked about for sport, arts, speech, reading, labour, "
        "science or other; honours for conduct or marks are listed, and are no prizes of an activity."
    ),
    "What the files hold and what a unit counted can be the same visits: the two are not added up.",
    (
        "Children whose guardians came: those a session names, wherever it was held, of the open files "
        "of the scope. Attendances of guardians are heads."
    ),
)


class Held:
    """The scope while its streams are read."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.gatherings = Gatherings()
        self.taking_part = TakingPart()
        self._open: set[UUID] = set()
        self._guardians_of: dict[str, set[UUID]] = {kind: set() for kind in GUARDIAN_TRAININGS}

    def take(self, seen: Seen) -> None:
        entries = [e for e in seen.current if self._ground.in_days(e.occurred_on)]
        is_within = seen.is_within(self._ground.asked.unit)
        for entry in entries:
            rec = entry.rec
            if isinstance(rec, GroupSessionHeld) and rec.session_kind in self._guardians_of:
                self._guardians_of[rec.session_kind] |= set(rec.guardians_of)
            if is_within and seen.stream != "case":
                self.gatherings.take(seen.id, rec)
        if is_within and seen.stream == "case" and seen.fact("status") is not None:
            self.taking_part.take(seen, entries)
            self._open |= {seen.id} if seen.is_open else set()

    def guardians(self) -> list[Row]:
        return [(*held, self._families(held[0])) for held in self.gatherings.guardian_trainings()]

    def visits(self) -> list[Row]:
        return [
            (way, *self.taking_part.contacts(way), self.gatherings.times(activity))
            for way, activity in COUNTED_AS.items()
        ]

    def _families(self, kind: str) -> Share:
        return Share(len(self._guardians_of[kind] & self._open), len(self._open))


def draw(ground: Ground) -> Report:
    held = Held(ground)
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    for seen in ground.at.streams(STREAMS, ground.progress, ground.asked.unit):
        held.take(seen)
    of_units, of_children = held.gatherings, held.taking_part
    tables = (
        Table(name="sessions", title="Group sessions", columns=SESSIONS, rows=of_units.sessions()),
        Table(name="counted", title="Counted by units", columns=COUNTED, rows=of_units.counted()),
        Table(name="taken_part", title="Children who took part", columns=TAKEN_PART,
              rows=of_children.activities()),
        Table(name="awards", title="Awards won", columns=AWARDS, rows=of_children.awards()),
        Table(name="visits", title="Visits and phone visits", columns=VISITS, rows=held.visits()),
        Table(name="guardians", title="Trainings of guardians", columns=GUARDIANS,
              rows=held.guardians()),
        Table(name="trainings", title="Trainings of staff", columns=TRAININGS,
              rows=of_units.staff()),
    )  # fmt: skip
    return ground.report(children=of_children.children, tables=tables, notes=NOTES, days=True)
