"""One window of one ruling, as it stood at any version of the stream."""

from datetime import datetime

from services.casefile.domain.cadence import declared, proofs
from services.casefile.domain.cadence.answering import answerable
from services.casefile.domain.cadence.conditions import Day, place_of
from services.casefile.domain.cadence.declared import About
from services.casefile.domain.cadence.hearing import MISSED, Hearing
from services.casefile.domain.cadence.known import View
from services.casefile.domain.cadence.obligation import Answerable, Obligation, Outcome, Place
from services.casefile.domain.cadence.proofs import Count
from services.casefile.domain.cadence.rulebook import Ruling
from services.casefile.domain.cadence.shapes import Span
from services.casefile.domain.cadence.standing import Standing
from services.casefile.domain.cadence.unit_conditions import unit_then
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.entry import Entry


class Looking:
    """What holds for a window, and what is said of it, apart from what counts for it."""

    def __init__(self, hearing: Hearing, ruling: Ruling, window: Window, span: Span | None) -> None:
        self.hearing = hearing
        self.known = hearing.known
        self.ruling = ruling
        self.window = window
        self._span = span
        self.about = About(hearing.subject, ruling, window, hearing.is_unit)
        self.missed = self.on_file(MISSED)
        self.cut = self.version_at(window.closes_at)

    @property
    def is_over(self) -> bool:
        return self.hearing.now >= self.window.closes_at or self.missed is not None

    def on_file(self, what: str) -> Entry | None:
        on_file = self.hearing.on_file
        if not on_file:
            return None
        policy, rule = self.ruling.policy, self.ruling.rule
        return on_file.get((what, policy.policy, policy.version, rule.code, self.window.key))

    def version_at(self, moment: datetime) -> int:
        """What was on file at a moment, and before the miss."""
        version = self.known.version
        if moment <= self.hearing.now or self.missed is not None:
            version = self.known.version_at(moment)
        return version if self.missed is None else min(version, self.missed.version - 1)

    def view(self, version: int) -> View:
        return self.known.view(version)

    def standing(self, version: int) -> Standing | None:
        view = self.view(version)
        return self.hearing.standings.standing(self.ruling, self._span, self.window, view, version)

    def tries(self, version: int) -> list[Entry]:
        return proofs.attempts(self.ruling, self.window, self.view(version), version)

    def said(self, version: int, found: Count) -> dict[str, object]:
        answering = self.answerable(version)
        return declared.common(self.ruling, self.window, answering, len(found.proofs))

    def answerable(self, version: int) -> tuple[Answerable, ...]:
        window = self.window
        if self.hearing.is_unit:
            code = self.place(version).unit
            role = self.ruling.rule.role
            return (Answerable(window.starts_on, window.ends_on, None, role, code),)
        view = self.view(version)
        return answerable(self.ruling.rule, view, version, window.starts_on, window.ends_on)

    def place(self, version: int) -> Place:
        on = Day(self.view(version), self.window.ends_on, version)
        if not self.hearing.is_unit:
            return place_of(on)
        unit = unit_then(on)
        return Place(unit=unit.code if unit else None)

    def obligation(self, outcome: Outcome, found: Count, **more: object) -> Obligation:
        ruling, view = self.ruling, self.view(self.cut)
        is_done = bool(found.proofs)
        tried = proofs.attempts(ruling, self.window, view, self.cut)
        return Obligation(
            subject=self.hearing.subject,
            policy=ruling.policy.policy,
            version=ruling.policy.version,
            rule=ruling.rule.code,
            obligor=ruling.rule.obligor,
            role=ruling.rule.role,
            window=self.window,
            outcome=outcome,
            least=ruling.rule.least,
            counted=len(found.proofs),
            proofs=tuple(entry.record_id for entry in found.proofs),
            attempts=len(tried),
            in_window=found.in_window if is_done else None,
            entered_in_time=self._entered_in_time(outcome, found) if is_done else None,
            answerable=self.answerable(self.cut),
            place=self.place(self.cut),
            due_soon_days=ruling.policy.due_soon_days,
            missed=self.missed.record_id if self.missed else None,
            **more,  # type: ignore[arg-type]
        )

    def _entered_in_time(self, outcome: Outcome, found: Count) -> bool:
        return outcome not in ("late", "missed") and found.entered_in_time
