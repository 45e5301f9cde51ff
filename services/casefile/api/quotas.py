"""What members of staff owe by number: how many children they reached in a window, of how many."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from pydantic import Field

from services.casefile.api.asked import Code, Day
from services.casefile.api.boards import Now, seen_by
from services.casefile.api.listing import AskedPage, Listing
from services.casefile.api.refusals import WrongCursor, WrongParameter
from services.casefile.application.clock import day_in_china
from services.casefile.application.context import Actor
from services.casefile.domain.cadence.quota import Quota
from services.casefile.domain.refusals import NotOnFile
from services.casefile.readmodels.pages import Cursor, Page
from services.casefile.readmodels.quotas import MODEL, Quotas


class QuotaRow(msgspec.Struct, frozen=True, kw_only=True):
    """One window of one member of staff: `n` children reached, of `of` wanted."""

    staff: str
    role: str | None
    unit: str | None
    policy: str
    version: int
    rule: str
    window: str
    starts_on: date
    ends_on: date
    closes_at: datetime
    outcome: str
    n: int
    of: int
    children: tuple[UUID, ...]
    missed: UUID | None


class QuotaFilter(msgspec.Struct, frozen=True, kw_only=True):
    """One member of staff, or, with a rule, everybody who owes it."""

    staff: str | None = None


class AskedQuotas(AskedPage):
    policy: Code | None = None
    rule: Code | None = None
    on: Annotated[
        Day | None, Field(description="The window that this day lies in; today if not given.")
    ] = None


def quota_list(quotas: Quotas, now: Now) -> Listing:
    def ask(
        wanted: QuotaFilter, asked: AskedQuotas, place: Cursor | None, limit: int
    ) -> Page[Quota]:
        must_be_stream(place)
        moment = now()
        day = asked.on or day_in_china(moment)
        if wanted.staff is not None:
            return Page([q for q in quotas.of(wanted.staff, day, moment) if is_meant(q, asked)])
        if asked.policy is None or asked.rule is None:
            raise WrongParameter("rule", "name a policy and a rule, or a member of staff")
        try:
            return quotas.page(asked.policy, asked.rule, day, moment, place, limit)
        except NotOnFile:
            raise WrongParameter(
                "rule", "no such rule asks anything of staff on that day"
            ) from None

    return Listing(
        "/v1/obligations/quotas", "read_obligations", (MODEL,),
        "List how many children each member of staff reached, of how many", QuotaFilter, ask,
        QuotaRow, rows, AskedQuotas, narrow,
    )  # fmt: skip


def must_be_stream(place: Cursor | None) -> None:
    """A page ends at a stream; whoever makes a cursor up may have written anything."""
    try:
        if place is not None:
            [stream] = place
            UUID(stream)
    except ValueError:
        raise WrongCursor from None


def narrow(asked: QuotaFilter, actor: Actor) -> QuotaFilter:
    return QuotaFilter(staff=seen_by(actor, asked.staff))


def is_meant(quota: Quota, asked: AskedQuotas) -> bool:
    return asked.policy in (None, quota.policy) and asked.rule in (None, quota.rule)


def rows(quotas: Any) -> list[QuotaRow]:
    return [row(quota) for quota in quotas]


def row(quota: Quota) -> QuotaRow:
    return QuotaRow(
        staff=quota.staff,
        role=quota.role,
        unit=quota.unit,
        policy=quota.policy,
        version=quota.version,
        rule=quota.rule,
        window=quota.window.key,
        starts_on=quota.window.starts_on,
        ends_on=quota.window.ends_on,
        closes_at=quota.window.closes_at,
        outcome=quota.outcome,
        n=len(quota.children),
        of=quota.wanted,
        children=quota.children,
        missed=quota.missed,
    )
