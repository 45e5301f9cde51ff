"""What can be asked of one child's file: its status, its timeline, one record, two moments apart."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Fact, fold
from services.casefile.domain.refusals import CaseNotFound, RecordNotFound
from services.casefile.history.disclosing import disclosure
from services.casefile.history.rows import heading, lag_days, row
from services.casefile.history.view import NOW, Moment, View, cut, facts_of
from services.casefile.log.disclosure import Disclosure
from services.casefile.log.keyring import Keyring
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder

HIDDEN = ("keys.", "last.")
Order = Literal["newest", "oldest"]


class History:
    """Reads one stream and folds it; nothing is stored, so nothing can be stale."""

    def __init__(
        self, recorder: CasefileRecorder, mapper: CasefileMapper, keyring: Keyring
    ) -> None:
        self._recorder = recorder
        self._mapper = mapper
        self._keyring = keyring

    def view(self, case_id: UUID, moment: Moment = NOW) -> View:
        """The file at a moment. Keys committed to later still open what was sealed before."""
        entries = self.entries(case_id)
        known, happened = cut(entries, moment)
        if not any(e.kind.slug == "opening" for e in known):
            raise CaseNotFound
        version = known[-1].version
        opening = self.disclosure(case_id, entries)
        return View(case_id, moment, version, known, happened, facts_of(happened), opening)

    def status(self, case_id: UUID, moment: Moment = NOW) -> dict[str, Any]:
        """The current facts, each with the record that says so."""
        view = self.view(case_id, moment)
        facts = {p: _fact(f, view.disclosure) for p, f in view.facts.items() if _is_shown(p)}
        return {
            "case_id": case_id,
            "version": view.version,
            "moment": _moment(moment),
            "facts": facts,
            "last_contact": {
                path.removeprefix("last."): fact.value
                for path, fact in view.facts.items()
                if path.startswith("last.")
            },
            "records": len(view.entries),
        }

    def timeline(
        self,
        case_id: UUID,
        moment: Moment = NOW,
        *,
        kinds: Sequence[str] = (),
        order: Order = "newest",
        after: int | None = None,
        limit: int = 100,
    ) -> dict[str, Any]:
        """A page of rows in stream order; `next` is the version to go on after."""
        view = self.view(case_id, moment)
        entries = _ordered([e for e in view.entries if _is_asked_for(e, kinds)], order)
        rest = _after(entries, after, order)
        page = rest[:limit]
        return {
            "case_id": case_id,
            "version": view.version,
            "moment": _moment(moment),
            "total": len(entries),
            "rows": [row(entry, view.disclosure) for entry in page],
            "next": page[-1].version if len(rest) > limit else None,
        }

    def record(self, case_id: UUID, record_id: UUID, moment: Moment = NOW) -> dict[str, Any]:
        view = self.view(case_id, moment)
        entry = next((e for e in view.entries if e.env.record_id == record_id), None)
        if entry is None:
            raise RecordNotFound
        return {"case_id": case_id, "version": view.version} | row(entry, view.disclosure)

    def diff(self, case_id: UUID, before: Moment, after: Moment) -> dict[str, Any]:
        """What reads differently at two moments, and which records made it so."""
        old, new = self.view(case_id, before), self.view(case_id, after)
        removed = fold(new.entries)
        paths = sorted(p for p in old.facts.keys() | new.facts.keys() if _is_shown(p))
        changed = (_change(p, old, new, removed.get(p)) for p in paths)
        seen = {e.version for e in old.entries}
        return {
            "case_id": case_id,
            "from": _moment(before),
            "to": _moment(after),
            "changes": [change for change in changed if change is not None],
            "records": [heading(e) for e in new.entries if e.version not in seen],
        }

    def entries(self, case_id: UUID) -> list[Entry]:
        """A whole stream, a child's or another one, as it was recorded."""
        return self._mapper.entries(case_id, self._recorder.stream(case_id))

    def disclosure(self, stream_id: UUID, entries: Sequence[Entry]) -> Disclosure:
        """What opens the sealed values of a stream."""
        return disclosure(self._keyring, stream_id, entries)


def _is_asked_for(entry: Entry, kinds: Sequence[str]) -> bool:
    return entry.kind.slug in kinds if kinds else entry.kind.slug != "keys"


def _is_shown(path: str) -> bool:
    return not path.startswith(HIDDEN)


def _fact(fact: Fact, disclosure: Disclosure) -> dict[str, Any]:
    return {"value": disclosure.fact(fact), "since": fact.since, "source": _source(fact)}


def _source(fact: Fact) -> dict[str, Any]:
    """The record that says so; a correction of it comes with the record."""
    entry = fact.entry
    shown = {
        "record_id": entry.env.record_id,
        "kind": entry.kind.slug,
        "version": entry.version,
        "recorded_at": entry.recorded_at,
        "recorded_by": msgspec.to_builtins(entry.env.recorded_by),
        "lag_days": lag_days(entry),
    }
    if entry.amended is not None and entry.amended.corrections:
        shown["corrected_by"] = [c.env.record_id for c in entry.amended.corrections]
    return shown


def _change(path: str, old: View, new: View, latest: Fact | None) -> dict[str, Any] | None:
    before, after = old.facts.get(path), new.facts.get(path)
    was = old.disclosure.fact(before) if before else None
    now = new.disclosure.fact(after) if after else None
    if was == now:
        return None
    by = after or latest
    source = _source(by) if by is not None else None
    return {"path": path, "from": was, "to": now, "by": source}


def _ordered(entries: Sequence[Entry], order: Order) -> list[Entry]:
    return sorted(entries, key=lambda e: e.version, reverse=order == "newest")


def _after(entries: list[Entry], after: int | None, order: Order) -> list[Entry]:
    if after is None:
        return entries
    return [e for e in entries if (e.version < after if order == "newest" else e.version > after)]


def _moment(moment: Moment) -> dict[str, Any]:
    return {"as_of": moment.as_of, "known_at": moment.known_at}
