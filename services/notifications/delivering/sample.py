"""Invented facts, to look at templates and to try out channels."""

from pathlib import Path
from typing import Any
from uuid import UUID

from services.notifications.delivering.matter import Matter, Piece
from services.notifications.refusals import Absent

FOLDER = Path(__file__).parent.parent / "templates" / "zh"
APART = frozenset(("_about", "group", "plain"))
CASE = UUID("018f0000-0000-7000-8000-00000000c0de")
NOTICE = UUID("018f0000-0000-7000-8000-00000000beef")
FACTS: dict[str, Any] = {
    "rule": "talk.class_teacher",
    "policy": "school-default",
    "policy_version": 1,
    "window": "2026-10",
    "due_on": "2026-10-31",
    "closed_on": "2026-11-07",
    "obligor": "staff",
    "role": "class_teacher",
    "accountable": "t-101",
    "unit": "class-31",
    "stream": "case",
    "stream_id": str(CASE),
    "occurred_on": "2026-11-17",
    "severity": "serious",
    "finding_code": "copied",
    "reply_by": "2026-11-23",
    "deadline": "2026-12-10",
    "asks": "reply_by",
}

INSPECTED = {
    "stream": "inspection",
    "stream_id": "018f0000-0000-7000-8000-00000000face",
    "finding": "018f0000-0000-7000-8000-00000000f00d",
}


class NoSuchKind(Absent):
    """No notice is of this kind."""

    remedy = "Choose one of the kinds that are named."


def kinds() -> list[str]:
    """Every kind that has a template."""
    return sorted({path.stem for path in FOLDER.glob("*.j2")} - APART)


def sample(kind: str) -> Matter:
    if kind not in kinds():
        raise NoSuchKind(kind=kind, kinds=", ".join(kinds()))
    if kind == "digest":
        pieces = [_piece("missed"), _piece("due")]
        return Matter(kind, pieces, [NOTICE] * 45, {"missed": 12, "due": 33})
    return Matter(kind, [_piece(kind)], [NOTICE], {kind: 1})


def _piece(kind: str) -> Piece:
    facts = FACTS | INSPECTED if kind.startswith("finding") else FACTS
    return Piece(NOTICE, kind, CASE, facts, "now", is_confidential=False)
