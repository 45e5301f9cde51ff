"""Notices of every sort, for whatever is asked: how a page looks on which all of them stand."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from services.casefile.console.notices import (
    SECONDS,
    Attempt,
    Notice,
    Owed,
    Question,
    Told,
)

AT = datetime(2026, 11, 10, 2, tzinfo=UTC)
SPACE = UUID("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a01")
OUTCOMES = ("failed", "failed", "slowed", "refused", "unsure", "gave_up", "suppressed", "delivered")
# Kind, state, and how many of the outcomes there are.
SORTS = (
    ("reminder", "delivered", 8), ("missed", "gave_up", 6), ("escalation", "stopped", 0),
    ("escalation", "waiting", 0), ("made_good", "queued", 1), ("risk_signal", "suppressed", 0),
)  # fmt: skip


class Invented:
    """Knows everything about every child."""

    def page(self, question: Question, seconds: float = SECONDS) -> Told:
        abouts = [owed(each) for each in question.about] or [None]
        return Told(tuple(notice(about, n) for about in abouts for n in range(len(SORTS))))


def owed(about: str) -> Owed:
    policy, version, rule, window = about.split("/")
    return Owed(policy, int(version), rule, window)


def notice(about: Owed | None, number: int) -> Notice:
    kind, state, attempts = SORTS[number]
    lines = tuple(
        Attempt(staff="t-102", channel="smtp", attempt=n, outcome=outcome, code="timeout", at=AT)
        for n, outcome in enumerate(OUTCOMES[:attempts], 1)
    )
    return Notice(
        id=uuid5(SPACE, f"{about} {number}"),
        about=about,
        kind=kind,
        staff="t-101",
        not_before=AT,
        state=state,
        created_at=AT,
        stopped_at=AT if state == "stopped" else None,
        lines=lines,
    )
