"""What a report is asked with, how it is refused, and what it is drawn from."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.casefile.application.context import Role
from services.casefile.domain.refusals import Absent, Invalid, Refused
from services.casefile.history.cohort import AtCut, Progress, Seen
from services.casefile.log.keyring import Keyring
from services.casefile.reports.report import Cut, Paragraph, Report, Scope, Stamp, Table

Parameter = Literal[
    "unit", "case_id", "staff", "since", "until", "known_from", "formula", "grade", "inspection",
    "seed",
]  # fmt: skip


class ReportNotFound(Absent):
    """There is no such report."""

    remedy = "List the reports with GET /v1/reports or `casefile reports`."


class ReportNotAvailable(Refused):
    """This report rests on a part of Casefile that is not there yet."""

    remedy = "The certificate can be drawn once the log is sealed; until then compare exports."


class NoChildInScope(Absent):
    """No child was on file in this unit at the cut."""

    remedy = "Ask for a later day or a larger unit, and check the unit's code."


class ParameterMissing(Invalid):
    """This report needs to be told one thing more."""

    remedy = "See GET /v1/reports for what each report takes."


class ParameterUnknown(Invalid):
    """This report does not take that parameter."""

    remedy = "See GET /v1/reports for what each report takes."


class WrongValue(Invalid):
    """That value is none this parameter takes."""

    remedy = "Take one of the values that are named."


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The scope and the parameters; a report takes some of them and refuses the others."""

    unit: str | None = None
    case_id: UUID | None = None
    staff: str | None = None
    since: date | None = None
    until: date | None = None
    known_from: datetime | None = None
    formula: str | None = None
    grade: str | None = None
    inspection: UUID | None = None
    seed: str | None = None

    @property
    def scope(self) -> Scope:
        return Scope(
            unit=self.unit,
            case_id=self.case_id,
            staff=self.staff,
            since=self.since,
            until=self.until,
        )


class Reader(msgspec.Struct, frozen=True):
    """For whom a report is drawn: it decides what is shown, and what is left out of sight."""

    staff: str
    role: Role
    case_level: bool


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """One report there is. A changed definition is a new version, printed with every figure."""

    code: str
    title: str
    version: int
    parameters: tuple[Parameter, ...]
    needs: tuple[Parameter, ...] = ()
    roles: frozenset[Role]
    case_level: bool = False
    draw: Callable[["Ground"], Report]


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one report is drawn from: the log at a cut, the question, and the asker."""

    at: AtCut
    asked: Asked
    definition: Definition
    reader: Reader
    keyring: Keyring
    progress: Progress

    @property
    def until(self) -> date:
        """The last day asked about; never later than the cut."""
        as_of = self.at.pinned.as_of
        return min(self.asked.until or as_of, as_of)

    @property
    def since(self) -> date:
        """The first day: without one, of the term the last day lies in, or else of its year."""
        if self.asked.since is not None:
            return self.asked.since
        calendars = self.at.rulebook.calendars
        calendar = calendars.get("default") or calendars[""]
        term = calendar.term_on(self.until)
        return term.starts_on if term else date(self.until.year, 1, 1)

    def cases(self) -> Iterator[Seen]:
        """The files of the scope, open and closed. None at all is refused."""
        if self.asked.case_id is not None:
            yield self.at.case(self.asked.case_id)
            return
        if self.asked.unit is not None:
            self.at.unit(self.asked.unit)
        found = 0
        for seen in self.at.cases(self.asked.unit, self.progress):
            found += 1
            yield seen
        self.refuse_empty(found)

    def open_cases(self) -> Iterator[Seen]:
        return (seen for seen in self.cases() if seen.is_open)

    def refuse_empty(self, found: int) -> None:
        if not found:
            raise NoChildInScope

    def in_days(self, day: date) -> bool:
        return self.since <= day <= self.until

    def report(
        self,
        *,
        children: int | None = None,
        tables: Sequence[Table] = (),
        paragraphs: Sequence[Paragraph] = (),
        notes: Sequence[str] = (),
        days: bool = False,
        data: object = None,
    ) -> Report:
        """The report under its stamp. `days`: the stretch of days is part of what it says."""
        pinned = self.at.pinned
        scope = self.asked.scope
        if days:
            scope = msgspec.structs.replace(scope, since=self.since, until=self.until)
        stamp = Stamp(
            report=self.definition.code,
            definition=self.definition.version,
            cut=Cut(pinned.as_of, pinned.position, pinned.known_at),
            scope=scope,
            policies=self.policies(),
            children=children,
        )
        return Report(
            stamp=stamp,
            title=self.definition.title,
            tables=tables,
            paragraphs=paragraphs,
            notes=notes,
            data=data,
        )

    def policies(self) -> tuple[tuple[str, int], ...]:
        """The versions in force on any of the days asked about."""
        found = {
            (ruling.policy.policy, ruling.policy.version)
            for ruling in self.at.rulebook.rulings
            if ruling.since <= self.until
            and (ruling.until is None or ruling.until > self.since)
            and (ruling.ended_on is None or ruling.ended_on >= self.since)
        }
        return tuple(sorted(found))
