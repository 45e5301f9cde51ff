"""The panel of back-filling over HTTP: whom a person should ask, and why. It asks, never accuses."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.casefile.api.answering import answered
from services.casefile.api.asked import Day
from services.casefile.api.cursors import after, cursor, next_link, pairs
from services.casefile.api.documents import documented
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.kinds import words
from services.casefile.api.listing import AskedPage, Text, reading, wait
from services.casefile.api.obligations import in_order
from services.casefile.api.shapes import Words
from services.casefile.domain.backfill.panel import Outcome, Reading, Signal
from services.casefile.domain.backfill.saying import SENTENCES, figures
from services.casefile.following.whereabouts import Whereabouts
from services.casefile.history.rulebook import RulebookReader
from services.casefile.readmodels.backfill import Backfill, BackfillAsked, BackfillReport, By
from services.casefile.readmodels.pages import Pool

PATH = "/v1/backfill"
FOLLOWED = ("entries", "roster", "units")
OUTCOMES: tuple[Outcome, ...] = ("worth_asking", "usual", "too_few_records", "too_few_peers")


class AskedPanel(AskedPage):
    """Records entered from one day to another, both included."""

    since: Day
    until: Day
    by: By = "worker"
    announced_on: Annotated[
        Day | None, Field(description="The day an inspection was announced for.")
    ] = None
    among: Annotated[
        Text | None, Field(description="Compare those of this unit and all below it.")
    ] = None
    under: Annotated[
        Text | None, Field(description="Show only those of this unit and all below it.")
    ] = None
    staff: Annotated[Text | None, Field(description="Show only this member of staff.")] = None
    outcome: Outcome | None = None


class SignalRow(msgspec.Struct, frozen=True, kw_only=True):
    """One statistic: so many of so many, what is usual, and how unlikely it is by chance."""

    rule: str
    part: int
    whole: int
    base: float
    peers: int
    above: float
    chance: float
    days: int | None
    is_worth_asking: bool
    says: Words


class PanelRow(msgspec.Struct, frozen=True, kw_only=True):
    """One worker or unit. `chance` is of all statistics together; null when nothing can be said."""

    subject: str
    group: str
    unit: str
    records: int
    children: int
    offline: int
    imported: int
    p95_lag: int
    outcome: str
    chance: float | None
    signals: list[SignalRow]


class PanelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Readings, the least likely first; `expected_by_chance` would stand out though honest."""

    since: date
    until: date
    announced_on: date | None
    by: str
    among: str | None
    position: int
    threshold: float
    tested: int
    expected_by_chance: float
    worth_asking: int
    rows: list[PanelRow]
    next: str | None


class BackfillDesk:
    """One question, of one place in the log; pages of the same answer cost nothing."""

    def __init__(self, pool: Pool, whereabouts: Whereabouts, rulebook: RulebookReader) -> None:
        self._backfill = Backfill(pool)
        self._whereabouts = whereabouts
        self._rulebook = rulebook

    def panel(self, request: Request, asked: Annotated[AskedPanel, Query()]) -> Response:
        """Say whose records a person should ask about, and why."""
        in_order(asked.since, asked.until)
        question = repr((PATH, pairs(asked, "limit")))
        start = after(asked.cursor, question, int) or 0
        with reading():
            wait(self._whereabouts, FOLLOWED, request, asked)
            report = self.report(asked)
            shown = self._shown(report, asked)
        page = shown[start : start + asked.limit]
        is_last = start + asked.limit >= len(shown)
        following = None if is_last else cursor(start + asked.limit, question)
        return answered(answer(report, page, following), next_link(PATH, pairs(asked), following))

    def report(self, asked: AskedPanel) -> BackfillReport:
        return self._backfill.report(
            BackfillAsked(
                since=asked.since,
                until=asked.until,
                by=asked.by,
                announced_on=asked.announced_on,
                among=asked.among,
                days_off=days_off(self._rulebook),
            ),
            asked.min_position or 0,
        )

    def _shown(self, report: BackfillReport, asked: AskedPanel) -> Sequence[Reading]:
        found: Iterable[Reading] = report.panel.readings
        if asked.under is not None:
            below = self._backfill.units_below(asked.under)
            found = (each for each in found if each.unit in below)
        if asked.staff is not None:
            found = (each for each in found if each.subject == asked.staff)
        if asked.outcome is not None:
            found = (each for each in found if each.outcome == asked.outcome)
        return list(found)

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["backfill"], redirect_slashes=False)
        admission = Admission(gate, "read_backfill")
        documented(router, PATH, self.panel, admission, PanelAnswer, errors=(400, 409, 503))
        return router


def days_off(rulebook: RulebookReader) -> tuple[date, ...]:
    """The officially announced days off, as they are on file."""
    return tuple(sorted({day for year in rulebook.calendars().notices for day in year.off}))


def answer(report: BackfillReport, page: Sequence[Reading], following: str | None) -> PanelAnswer:
    asked, panel = report.asked, report.panel
    return PanelAnswer(
        since=asked.since,
        until=asked.until,
        announced_on=asked.announced_on,
        by=asked.by,
        among=asked.among,
        position=report.position,
        threshold=panel.threshold,
        tested=panel.tested,
        expected_by_chance=panel.expected_by_chance,
        worth_asking=sum(each.outcome == "worth_asking" for each in panel.readings),
        rows=[row(each) for each in page],
        next=following,
    )


def row(reading: Reading) -> PanelRow:
    return PanelRow(
        subject=reading.subject,
        group=reading.group,
        unit=reading.unit,
        records=reading.records,
        children=reading.children,
        offline=reading.offline,
        imported=reading.imported,
        p95_lag=reading.p95_lag,
        outcome=reading.outcome,
        chance=reading.chance,
        signals=[signal_row(each) for each in reading.signals],
    )


def signal_row(signal: Signal) -> SignalRow:
    return SignalRow(
        rule=signal.rule,
        part=signal.part,
        whole=signal.whole,
        base=signal.base,
        peers=signal.peers,
        above=signal.above,
        chance=signal.chance,
        days=signal.days,
        is_worth_asking=signal.is_worth_asking,
        says=said(signal),
    )


def said(signal: Signal) -> Words:
    sentence, numbers = SENTENCES[signal.rule], figures(signal)
    return Words(**words(lambda language: language.text(sentence).format(**numbers)))
