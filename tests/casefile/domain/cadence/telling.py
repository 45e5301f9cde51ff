"""A child's file told line by line and judged: no database, and the clock is whatever is said."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import count
from typing import Any, Literal
from uuid import UUID, uuid5

from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.days import CHINA
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.obligation import Judgement, Obligation
from services.casefile.domain.cadence.policy import Policy, Rule
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.cadence.shapes import CalendarShape
from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author, Envelope
from services.casefile.domain.families.case import CaseOpened
from services.casefile.domain.families.contact import TalkHeld
from services.casefile.domain.families.correction import EntryAnnulled, EntryCorrected
from services.casefile.domain.families.organisation import UnitRegistered
from services.casefile.domain.families.rulebook import (
    HolidayNoticeLoaded,
    PolicyAdopted,
    PolicyWithdrawn,
    TermCalendarAdopted,
)
from services.casefile.domain.record import Record
from services.casefile.domain.stream_ids import RULEBOOK, unit_stream
from tests.casefile.domain.scenario import STREAM, TEACHER

PARENTS = {
    "class-31": "school-1",
    "school-1": "town-1",
    "village-1": "town-1",
    "town-1": "county-1",
}


class Tree:
    """Units as they always were."""

    def chain(self, code: str, day: date) -> Sequence[str]:
        above = PARENTS.get(code)
        return (code, *(self.chain(above, day) if above else ()))


def moment(text: str) -> datetime:
    """A moment in China; of a day, ten in the morning."""
    told = datetime.fromisoformat(text)
    at_ten = time(10) if len(text) == len("2026-11-20") else told.time()
    return datetime.combine(told.date(), at_ten, CHINA)


def a_rule(**options: Any) -> Rule:
    """A talk every month, by default, with seven days to enter it."""
    default: dict[str, Any] = {"code": "talk", "title": "谈心", "kinds": ("talk",)}
    default |= {"shape": CalendarShape(every="month"), "role": "class_teacher"}
    return Rule(**(default | options))


def a_policy(*rules: Rule, version: int = 1, since: str = "2026-09-01", **options: Any) -> Policy:
    default: dict[str, Any] = {"policy": "school", "title": "校内规定", "approved_by": "office-1"}
    effective = date.fromisoformat(since)
    return Policy(
        version=version, effective_from=effective, rules=rules or (a_rule(),), **(default | options)
    )


class Log:
    """One stream, told with both clocks. Without a moment, a record was entered when it happened."""

    def __init__(self, stream_id: UUID) -> None:
        self.id = stream_id
        self.entries: list[Entry] = []
        self._numbers = count(1)

    def tell(self, rec: Record, on: str, at: str | datetime | None = None, **env: Any) -> UUID:
        told = moment(at or on) if isinstance(at or on, str) else at
        assert isinstance(told, datetime)
        record_id = env.pop("record_id", None) or uuid5(self.id, str(next(self._numbers)))
        by = {"recorded_by": TEACHER, "performed_by": TEACHER, "source": "web"}
        envelope = Envelope(record_id=record_id, occurred_on=date.fromisoformat(on), **(by | env))
        version, kind = len(self.entries) + 1, catalogue().of(type(rec))
        self.entries.append(Entry(self.id, version, version, told, kind, envelope, rec))
        return record_id


class Told:
    """A file (or a unit's stream) and the rulebook it is judged by."""

    def __init__(self, stream: Literal["case", "unit"] = "case") -> None:
        self.stream = stream
        self.file = Log(STREAM if stream == "case" else unit_stream("school-1"))
        self.rules = Log(RULEBOOK)
        self.tell = self.file.tell

    def adopt(self, policy: Policy, at: str = "2026-08-20") -> None:
        self.rules.tell(PolicyAdopted(document=policy), at[:10], at)

    def withdraw(self, last_day: str, at: str, policy: str = "school") -> None:
        last = date.fromisoformat(last_day)
        rec = PolicyWithdrawn(policy=policy, last_day=last, approved_by="office-1")
        self.rules.tell(rec, at[:10], at)

    def terms(self, *terms: Term, at: str = "2026-08-01", calendar: str = "default") -> None:
        rec = TermCalendarAdopted(calendar=calendar, terms=terms, source="校历")
        self.rules.tell(rec, at[:10], at)

    def notice(self, year: int, *off: str, work: Sequence[str] = (), at: str) -> None:
        days = tuple(map(date.fromisoformat, off)), tuple(map(date.fromisoformat, work))
        rec = HolidayNoticeLoaded(year=year, off=days[0], work=days[1], source="国务院办公厅")
        self.rules.tell(rec, at[:10], at)

    def talk(
        self, on: str, at: str | datetime | None = None, by: Author = TEACHER, **env: Any
    ) -> UUID:
        return self.tell(TalkHeld(), on, at, performed_by=by, **env)

    def correct(self, target: UUID, on: str, at: str | datetime) -> UUID:
        """The record happened on another day."""
        rec = EntryCorrected(target=target, of="talk", changes={"occurred_on": on}, reason="核对")
        return self.tell(rec, str(at)[:10], at)

    def annul(self, target: UUID, at: str | datetime) -> UUID:
        rec = EntryAnnulled(target=target, of="talk", ground="did_not_happen", reason="记错")
        return self.tell(rec, str(at)[:10], at)

    def judged(self, now: str | datetime) -> Judgement:
        at = moment(now) if isinstance(now, str) else now
        rulebook = Rulebook.of(self.rules.entries, Tree())
        return judge(Subject(self.file.id, self.stream, self.file.entries), rulebook, at)

    def sweep(self, now: str | datetime) -> list[Record]:
        """Append what is to be declared, as the clock does, until nothing is left to say."""
        at = moment(now) if isinstance(now, str) else now
        found = self.judged(at).declarations
        for each in found:
            day = each.occurred_on.isoformat()
            self.tell(each.record, day, at, record_id=each.record_id, source="system")
        return [each.record for each in found]

    def said(self, kind: type[Record]) -> list[Any]:
        """What has been declared, of one type."""
        return [entry.rec for entry in self.file.entries if isinstance(entry.rec, kind)]

    def of(self, key: str, now: str | datetime, rule: str = "talk") -> Obligation:
        """What came of one window."""
        owed = self.judged(now).obligations
        [found] = [o for o in owed if (o.window.key, o.rule) == (key, rule)]
        return found

    def outcome(self, key: str, now: str | datetime, rule: str = "talk") -> str:
        return self.of(key, now, rule).outcome

    def keys(self, now: str | datetime, rule: str = "talk") -> list[str]:
        return [o.window.key for o in self.judged(now).obligations if o.rule == rule]


def owed(*rules: Rule, opened: str = "2026-09-01", at: str | None = None, **options: Any) -> Told:
    """A file opened on a day, under a policy adopted before. `options` are the policy's."""
    told = Told()
    told.adopt(a_policy(*rules, **options))
    told.tell(an_opening(), opened, at)
    return told


def an_opening(**child: Any) -> CaseOpened:
    fields: dict[str, Any] = {"name": "禾苗甲", "sex": "female", "birth_date": date(2015, 3, 1)}
    fields |= {"population": "left_behind", "school": "school-1", "class_unit": "class-31"}
    return CaseOpened(**(fields | child))


def a_school(*rules: Rule, **options: Any) -> Told:
    """A school's own stream, under a policy about units."""
    told = Told("unit")
    told.adopt(a_policy(*rules, **options))
    since = date(2020, 9, 1)
    registered = UnitRegistered(
        code="school-1", unit_name="青石镇中心小学", unit_kind="school", valid_from=since,
        parent="town-1",
    )  # fmt: skip
    told.tell(registered, "2020-09-01", "2020-09-01")
    return told
