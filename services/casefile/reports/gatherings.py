"""What R24 counts of the work of units: sessions with names, what was only counted, trainings."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

from services.casefile.domain.families.group import GroupSessionHeld
from services.casefile.domain.families.staff import WorkerTrained
from services.casefile.domain.families.unit_work import ActivityHeld, HomeOpened
from services.casefile.domain.record import Record
from services.casefile.reports.report import Row

GUARDIAN_TRAININGS = ("guardian_training", "family_education_class")
HOME = "home_session"


class Named:
    """Sessions of one kind that say who came."""

    def __init__(self) -> None:
        self.children: set[UUID] = set()
        self.sessions = self.times = self.guardians = 0

    def take(self, rec: GroupSessionHeld) -> None:
        self.sessions += 1
        self.children |= set(rec.present)
        self.times += len(rec.present)
        self.guardians += rec.guardians_present

    @property
    def cells(self) -> Row:
        return self.sessions, len(self.children), self.times, self.guardians


class Counted:
    """What was put on and only counted: nobody is named, so people are heads of each record."""

    def __init__(self) -> None:
        self.records = self.sessions = self.people = self.times = 0

    def take(self, sessions: int, people: int | None, times: int | None) -> None:
        self.records += 1
        self.sessions += sessions
        self.people += people or 0
        self.times += times if times is not None else people or 0

    @property
    def cells(self) -> Row:
        return self.records, self.sessions, self.people, self.times


class Gatherings:
    """Everything the units and groups of a scope held on some days."""

    def __init__(self) -> None:
        self._named: defaultdict[str, Named] = defaultdict(Named)
        self._counted: defaultdict[str, Counted] = defaultdict(Counted)
        self._trained: defaultdict[str, set[UUID]] = defaultdict(set)
        self._trainings: Counter[str] = Counter()
        self._nameless: Counter[str] = Counter()

    def take(self, stream: UUID, rec: Record) -> None:
        if isinstance(rec, GroupSessionHeld):
            self._named[rec.session_kind].take(rec)
            self._nameless[rec.session_kind] += bool(rec.guardians_present and not rec.guardians_of)
        elif isinstance(rec, ActivityHeld):
            self._counted[rec.activity].take(rec.sessions, rec.people, rec.attendances)
        elif isinstance(rec, HomeOpened):
            self._counted[HOME].take(1, None, rec.children)
        elif isinstance(rec, WorkerTrained):
            self._trained[rec.training].add(stream)
            self._trainings[rec.training] += 1

    def sessions(self) -> list[Row]:
        return [(kind, *each.cells) for kind, each in sorted(self._named.items())]

    def counted(self) -> list[Row]:
        return [(activity, *each.cells) for activity, each in sorted(self._counted.items())]

    def staff(self) -> list[Row]:
        return [
            (training, len(people), self._trainings[training])
            for training, people in sorted(self._trained.items())
        ]

    def guardian_trainings(self) -> Iterator[tuple[str, int, int, int]]:
        """Kind, sessions, guardians who came, sessions that do not say whose guardians they were."""
        for kind in GUARDIAN_TRAININGS:
            held = self._named[kind]
            yield kind, held.sessions, held.guardians, self._nameless[kind]

    def times(self, activity: str) -> int:
        return self._counted[activity].times
