"""What R24 counts of the children: who took part in what, who won a prize, who was seen at home."""

from collections import Counter, defaultdict
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.activity import ActivityParticipated
from services.casefile.domain.families.contact import HomeVisitMade
from services.casefile.domain.families.family_contact import GuardianContacted, ParentContacted
from services.casefile.domain.families.group import GroupSessionAttended
from services.casefile.domain.families.school import AwardReceived
from services.casefile.domain.record import Record
from services.casefile.history.cohort import Seen
from services.casefile.reports.report import Row, Share

ANY = "any_activity"
# What a session can be that children also take part in one by one.
JOINED = ("interest_group", "outing", "social_practice", "festival", "reading")
# Honours for conduct or marks are no prizes of an activity.
PRIZES = (
    "sport", "arts", "calligraphy_or_painting", "speech", "reading", "labour_skill", "science",
    "other",
)  # fmt: skip
PHONED = ("phone", "video")


class TakingPart:
    """Counts over the children of a scope, file by file."""

    def __init__(self) -> None:
        self.children = 0
        self._took_part: defaultdict[str, set[UUID]] = defaultdict(set)
        self._times: Counter[str] = Counter()
        self._prized: set[UUID] = set()
        self._awards: Counter[str] = Counter()
        self._awarded: defaultdict[str, set[UUID]] = defaultdict(set)
        self._contacts: Counter[str] = Counter()
        self._reached: defaultdict[str, set[UUID]] = defaultdict(set)

    def take(self, child: Seen, entries: list[Entry]) -> None:
        self.children += 1
        for entry in entries:
            self._activity(child.id, entry.rec)
            self._award(child.id, entry.rec)
            self._contact(child.id, entry.rec)

    def activities(self) -> list[Row]:
        """The whole first, then each: children, times, and those of them who won a prize."""
        return [self._row(activity) for activity in (ANY, *sorted(set(self._times) - {ANY}))]

    def awards(self) -> list[Row]:
        return [
            (award, self._awards[award], Share(len(children), self.children))
            for award, children in sorted(self._awarded.items())
        ]

    def contacts(self, way: str) -> tuple[Share, int]:
        """The children whose home was reached that way, and how often."""
        return Share(len(self._reached[way]), self.children), self._contacts[way]

    def _row(self, activity: str) -> Row:
        those = self._took_part[activity]
        won = Share(len(those & self._prized), len(those))
        return activity, Share(len(those), self.children), self._times[activity], won

    def _activity(self, child: UUID, rec: Record) -> None:
        activity = activity_of(rec)
        if activity is not None:
            for each in (ANY, activity):
                self._took_part[each].add(child)
                self._times[each] += 1

    def _award(self, child: UUID, rec: Record) -> None:
        if isinstance(rec, AwardReceived):
            self._awards[rec.award] += 1
            self._awarded[rec.award].add(child)
            if rec.award in PRIZES:
                self._prized.add(child)

    def _contact(self, child: UUID, rec: Record) -> None:
        way = way_of(rec)
        if way is not None:
            self._contacts[way] += 1
            self._reached[way].add(child)


def activity_of(rec: Record) -> str | None:
    if isinstance(rec, ActivityParticipated):
        return rec.activity
    if isinstance(rec, GroupSessionAttended) and rec.session_kind in JOINED:
        return rec.session_kind
    return None


def way_of(rec: Record) -> str | None:
    """走访 or 电访: somebody went there, or rang up, and met or reached somebody."""
    if isinstance(rec, HomeVisitMade):
        return "visited"
    if isinstance(rec, GuardianContacted | ParentContacted) and rec.reaches():
        if rec.mode == "visit":
            return "visited"
        return "phoned" if rec.mode in PHONED else None
    return None
