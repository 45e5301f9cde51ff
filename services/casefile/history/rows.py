"""A timeline row: one entry as an inspector reads it, both clocks and the lag between them."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author
from services.casefile.domain.families.correction import EntryAnnulled, EntryCorrected
from services.casefile.log.disclosure import Disclosure

SHANGHAI = ZoneInfo("Asia/Shanghai")


def lag_days(entry: Entry) -> int:
    """Days from when it happened to when it was recorded, in China."""
    return (entry.recorded_at.astimezone(SHANGHAI).date() - entry.env.occurred_on).days


def row(entry: Entry, disclosure: Disclosure) -> dict[str, Any]:
    """The whole record, with what was done to it later."""
    shown = heading(entry) | {"fields": disclosure.entry(entry)}
    if entry.env.late_reason is not None:
        shown["late_reason"] = disclosure.late_reason(entry)
    if entry.env.evidence:
        shown["evidence"] = msgspec.to_builtins(entry.env.evidence)
    if entry.amended is not None:
        shown["amendments"] = amendments(entry, disclosure)
    return shown


def heading(entry: Entry) -> dict[str, Any]:
    """What names an entry and places it; no personal data."""
    env = entry.env
    shown: dict[str, Any] = {
        "record_id": env.record_id,
        "kind": entry.kind.slug,
        "version": entry.version,
        "position": entry.position,
        "occurred_on": env.occurred_on,
        "occurred_at": env.occurred_at,
        "recorded_at": entry.recorded_at,
        "lag_days": lag_days(entry),
        "performed_by": _author(env.performed_by),
        "recorded_by": _author(env.recorded_by),
        "source": env.source,
        "group": env.group,
        "annulled": entry.is_annulled,
        "corrected": bool(entry.amended and entry.amended.corrections),
    }
    return {name: value for name, value in shown.items() if value is not None}


def amendments(entry: Entry, disclosure: Disclosure) -> list[dict[str, Any]]:
    """Each correction with the old and the new value, and the annulment; who, when and why."""
    assert entry.amended is not None
    before = _values(entry.amended.original, disclosure)
    shown = []
    for correction in entry.amended.corrections:
        assert isinstance(correction.rec, EntryCorrected)
        after = disclosure.entry(correction)["changes"]
        changes = [{"field": f, "from": before.get(f), "to": after[f]} for f in after]
        before |= after
        shown.append(_amendment(correction, disclosure) | {"changes": changes})
    if (annulment := entry.amended.annulled_by) is not None:
        assert isinstance(annulment.rec, EntryAnnulled)
        shown.append(_amendment(annulment, disclosure) | {"ground": annulment.rec.ground})
    return shown


def _amendment(entry: Entry, disclosure: Disclosure) -> dict[str, Any]:
    return {
        "kind": entry.kind.slug,
        "record_id": entry.env.record_id,
        "version": entry.version,
        "by": _author(entry.env.recorded_by),
        "recorded_at": entry.recorded_at,
        "reason": disclosure.entry(entry)["reason"],
    }


def _values(entry: Entry, disclosure: Disclosure) -> dict[str, Any]:
    env = entry.env
    own: dict[str, Any] = {"occurred_on": env.occurred_on, "occurred_at": env.occurred_at}
    return own | {"performed_by": _author(env.performed_by)} | disclosure.entry(entry)


def _author(author: Author | None) -> dict[str, str] | None:
    return None if author is None else msgspec.to_builtins(author)
