"""How the judgement of one subject becomes rows: what came of each window, and what the clock will
have to declare of it, and when."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from services.casefile.domain.cadence.obligation import Declaration, Judgement, Obligation
from services.casefile.domain.families.obligation import OfObligation
from services.casefile.following.model import Row

Key = tuple[str, int, str, str]
Due = tuple[datetime, str]
NEVER = (None, None)


class Judged(NamedTuple):
    """A subject, judged at a moment by the stream up to a version."""

    subject: Literal["case", "unit"]
    version: int
    at: datetime
    judgement: Judgement


def rows_of(judged: Judged) -> Iterable[Row]:
    due = what_is_due(judged)
    for one in judged.judgement.obligations:
        key = key_of(one)
        at, declares = due.get(key, NEVER)
        yield (
            one.subject, judged.subject, *key, one.obligor, one.role,
            *accountable(one), one.place.village, one.place.school, one.place.class_unit,
            one.window.starts_on, one.window.ends_on, one.window.due_on,
            one.window.overdue_from, one.window.closes_at,
            one.outcome, one.why, one.least, one.counted, one.attempts,
            one.in_window, one.entered_in_time, one.window.provisional, one.due_soon_days,
            one.overdue, one.missed, one.made_good, one.waiver,
            judged.version if at else None, at, declares,
        )  # fmt: skip


def key_of(one: Obligation) -> Key:
    return (one.policy, one.version, one.rule, one.window.key)


def accountable(one: Obligation) -> tuple[str | None, str | None]:
    last = one.accountable
    return (last.staff, last.unit) if last else (None, None)


def what_is_due(judged: Judged) -> Mapping[Key, Due]:
    """By window: from when on the clock has to declare something, and what.

    When something is to be declared already, all that is pending is left to a judgement.
    """
    judgement = judged.judgement
    pending = {
        key_of(one): next_of(one, judged) for one in judgement.obligations if one.outcome == "open"
    }
    if not judgement.declarations:
        return pending
    at = min(each.at for each in judgement.declarations)
    concerned = (key for each in judgement.declarations if (key := named_in(each)) is not None)
    return dict.fromkeys([*pending, *concerned], (at, "judge"))


def next_of(one: Obligation, judged: Judged) -> Due:
    """When its time to be declared overdue is over, it never will be."""
    window = one.window
    may_be = judged.subject == "case" and one.overdue is None
    if may_be and judged.at < window.overdue_from < window.closes_at:
        return (window.overdue_from, "overdue")
    return (window.closes_at, "missed")


def named_in(declaration: Declaration) -> Key | None:
    said = declaration.record
    if not isinstance(said, OfObligation):
        return None
    return (said.policy, said.policy_version, said.rule, said.window)
