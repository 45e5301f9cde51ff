"""The rules as commands: policies, terms, days off and closed days, on the rulebook's own stream."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.casefile.application.context import Context
from services.casefile.application.decision import Decision, Receipt
from services.casefile.application.posts import Posts
from services.casefile.application.recording import Judge, step
from services.casefile.application.rules_on_file import (
    id_of,
    keeping_days,
    keeping_terms,
    stated,
)
from services.casefile.application.stream import Stream
from services.casefile.application.submissions import Submissions, Submitted, typed
from services.casefile.application.writer import Writer
from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.policy import Policy, Rule
from services.casefile.domain.cadence.shapes import TriggerShape
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.families.rulebook import (
    DayClosed,
    HolidayNoticeLoaded,
    PolicyAdopted,
    PolicyWithdrawn,
    TermCalendarAdopted,
)
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import Implausible, UnknownKind
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.rulebooks.official_days import official, read_site

STREAM_OF = {"case": "case", "worker": "case", "unit": "unit"}


class Rulemaking:
    """Puts rules on file. What is on file already is answered with its receipt."""

    def __init__(
        self,
        writer: Writer,
        submissions: Submissions,
        judge: Judge,
        posts: Posts,
        catalogue: Catalogue,
        calendar_file: Path | None = None,
    ) -> None:
        self._calendar_file = calendar_file
        self._writer = writer
        self._submissions = submissions
        self._judge = judge
        self._posts = posts
        self._catalogue = catalogue

    def adopt_policy(self, policy: Policy, context: Context) -> Receipt:
        """The same document again is the same receipt; another under its version is refused."""
        rec = checked(PolicyAdopted(document=policy))
        for rule in policy.rules:
            self._check_kinds(rule)
        if policy.unit is not None:
            day = max(policy.effective_from, self._submissions.today())
            self._posts.check_unit(policy.unit, day, "unit")
        return self._put(rec, context)

    def withdraw_policy(
        self, code: str, last_day: date, approved_by: str, context: Context
    ) -> Receipt:
        """From the day after its last day on, the policy asks for nothing."""
        rec = {"policy": code, "last_day": last_day, "approved_by": approved_by}
        return self._put(typed(rec, PolicyWithdrawn), context)

    def load_terms(
        self, calendar: str, terms: Sequence[Term], source: str, context: Context
    ) -> Receipt:
        rec = TermCalendarAdopted(calendar=calendar, terms=tuple(terms), source=source)
        return self._put(checked(rec), context)

    def load_notice(
        self,
        year: int,
        off: Iterable[date],
        work: Iterable[date],
        source: str,
        context: Context,
    ) -> Receipt:
        off, work = tuple(sorted(set(off))), tuple(sorted(set(work)))
        rec = HolidayNoticeLoaded(year=year, off=off, work=work, source=source)
        return self._put(checked(rec), context)

    def close_day(self, day: date, context: Context) -> Receipt:
        """Everything this day brought has been declared. Whoever says so knows that it is over."""
        record_id = uuid5(RULEBOOK, f"day_closed|{day}")
        submitted = self._submitted(DayClosed(), record_id, context, occurred_on=day)

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            known = loaded[RULEBOOK].records.get(record_id)
            return Decision(steps=(step(RULEBOOK, submitted),), repeated=known)

        return self._writer.write([RULEBOOK], decide, context)

    def load_official_days(self, years: Iterable[int], context: Context) -> list[Receipt]:
        """Load the notices there are, and the site's own terms; what is on file stays as it is."""
        site = read_site(self._calendar_file) if self._calendar_file else None
        notices = (notice for year in years if (notice := official(year, site)) is not None)
        today = self._submissions.today()
        kept: list[Callable[[Stream], Record]] = [
            *(partial(keeping_days, notice, today) for notice in notices),
            *(partial(keeping_terms, terms, today) for terms in (site.terms if site else ())),
        ]
        return [self._decide(each, context) for each in kept]

    def _put(self, rec: Record, context: Context) -> Receipt:
        return self._decide(lambda _: rec, context)

    def _decide(self, rec_on: Callable[[Stream], Record], context: Context) -> Receipt:
        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream = loaded[RULEBOOK]
            rec = rec_on(stream)
            submitted = self._submitted(rec, id_of(stream, rec), context)
            if (known := stated(stream, submitted)) is not None:
                return Decision(repeated=known)
            self._judge.admit(stream, submitted)
            return Decision(steps=(step(RULEBOOK, submitted),))

        return self._writer.write([RULEBOOK], decide, context)

    def _submitted(self, rec: Record, record_id: UUID, context: Context, **more: Any) -> Submitted:
        env = self._submissions.own_envelope(record_id, context, **more)
        return Submitted(self._catalogue.of(type(rec)), env, rec)

    def _check_kinds(self, rule: Rule) -> None:
        """A rule that asks for what nobody can record would be missed for ever."""
        trigger = [rule.shape.kind] if isinstance(rule.shape, TriggerShape) else []
        for slug in (*rule.kinds, *trigger):
            kind = self._catalogue.by_slug.get(slug)
            if kind is None:
                raise UnknownKind(slug)
            if kind.stream != STREAM_OF[rule.subject]:
                raise Implausible("kinds", "this kind is not recorded where the rule looks for it")


def checked(rec: Any) -> Any:
    """The record, if all its parts have their form: it was made here and not read from outside."""
    return typed(msgspec.to_builtins(rec), type(rec))
