"""Draws a report: checks what was asked, pins the cut once, and hides what the reader may not see."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from services.casefile.domain.refusals import EndBeforeStart
from services.casefile.history.cohort import Cohort, Progress
from services.casefile.history.pinning import CutAhead, Pinned
from services.casefile.log.keyring import Keyring
from services.casefile.reports.asking import (
    Asked,
    Definition,
    Ground,
    ParameterMissing,
    ParameterUnknown,
    Reader,
)
from services.casefile.reports.naming import named
from services.casefile.reports.registry import definition
from services.casefile.reports.report import Report
from services.casefile.reports.suppressing import suppressed
from services.casefile.rulebooks.what_if import in_silence


class Reports:
    """Where reports are asked for."""

    def __init__(self, cohort: Cohort, keyring: Keyring) -> None:
        self._cohort = cohort
        self._keyring = keyring

    def pin(
        self,
        as_of: date | None = None,
        known_at: datetime | None = None,
        position: int | None = None,
    ) -> Pinned:
        """The cut, resolved: give it to `draw` again for the same report."""
        return self._cohort.pin(as_of, known_at, position)

    def draw(
        self,
        code: str,
        asked: Asked,
        pinned: Pinned,
        reader: Reader,
        progress: Progress = in_silence,
    ) -> Report:
        """The report at the cut. Whether the reader may draw it has been decided before."""
        wanted = definition(code)
        check(wanted, asked, pinned)
        ground = Ground(
            at=self._cohort.at(pinned),
            asked=asked,
            definition=wanted,
            reader=reader,
            keyring=self._keyring,
            progress=progress,
        )
        report = wanted.draw(ground)
        return named(report if reader.case_level else suppressed(report), ground.at)


def check(wanted: Definition, asked: Asked, pinned: Pinned) -> None:
    """What a report does not take is refused, so that nobody believes it was heeded."""
    given = {name for name, value in msgspec.structs.asdict(asked).items() if value is not None}
    for name in given - set(wanted.parameters):
        raise ParameterUnknown(name)
    for name in missing(wanted, given):
        raise ParameterMissing(name)
    if asked.since and asked.until and asked.until < asked.since:
        raise EndBeforeStart("until")
    for field in ("since", "until"):
        day: date | None = getattr(asked, field)
        if day is not None and day > pinned.as_of:
            raise CutAhead(field)


def missing(wanted: Definition, given: set[str]) -> Iterator[str]:
    return (name for name in wanted.needs if name not in given)
