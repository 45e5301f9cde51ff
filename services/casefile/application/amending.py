"""Corrections and annulments: what is on file stays, and a new record says how to read it."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from services.casefile.application.context import Context
from services.casefile.application.decision import Decision, Receipt
from services.casefile.application.opening import Identities
from services.casefile.application.posts import Posts
from services.casefile.application.recording import Judge, plain, step
from services.casefile.application.sealing_keys import SealingKeys
from services.casefile.application.stream import Stream
from services.casefile.application.submissions import NotOfItsForm, Submissions, Submitted, typed
from services.casefile.application.writer import Writer
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.effective import ENVELOPE_FIELDS
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Envelope, Submission
from services.casefile.domain.families.case import CaseOpened
from services.casefile.domain.families.correction import EntryAnnulled, EntryCorrected
from services.casefile.domain.families.obligation import OfObligation
from services.casefile.domain.identifiers import check_phones
from services.casefile.domain.refusals import (
    AlreadyAnnulled,
    CaseNotFound,
    NotAmendable,
    NothingToCorrect,
    RecordNotFound,
)
from services.casefile.log.commit import Reservation

UNTOUCHABLE = (
    "correction", "annulment", "keys", "merge", "absorption", "unmerge", "separation",
)  # fmt: skip


class Target(msgspec.Struct):
    """The record an amendment is about."""

    target: UUID


class Numbers(NamedTuple):
    """Identity numbers that a correction takes and frees."""

    added: tuple[Reservation, ...] = ()
    freed: tuple[tuple[str, bytes], ...] = ()


class Amending:
    """Corrects and annuls records."""

    def __init__(
        self,
        writer: Writer,
        submissions: Submissions,
        judge: Judge,
        keys: SealingKeys,
        posts: Posts,
        identities: Identities,
        catalogue: Catalogue,
    ) -> None:
        self._writer = writer
        self._submissions = submissions
        self._judge = judge
        self._keys = keys
        self._posts = posts
        self._identities = identities
        self._catalogue = catalogue

    def correct(self, case_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: target, changes {field: new value}, reason, optional record_id."""

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream = loaded[case_id]
            target = self._target(stream, body)
            changes = self._changes(target, body)
            submitted = self._amendment(
                EntryCorrected, target, {**body, "changes": changes}, context
            )
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self._judge.same(stream, known, submitted))
            self._refuse_annulled(target)
            corrected = self._corrected(stream, target, changes)
            self._admit(stream, target, corrected)
            numbers = self._renumbered(stream, target, corrected)
            return Decision(
                steps=(step(case_id, submitted),), reserve=numbers.added, release=numbers.freed
            )

        return self._writer.write([case_id], decide, context)

    def annul(self, case_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: target, ground, reason, optional record_id."""

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream = loaded[case_id]
            target = self._target(stream, body)
            submitted = self._amendment(EntryAnnulled, target, body, context)
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self._judge.same(stream, known, submitted))
            self._refuse_annulled(target)
            self._judge.admit(stream, submitted)
            return Decision(steps=(step(case_id, submitted),))

        return self._writer.write([case_id], decide, context)

    def _target(self, stream: Stream, body: Mapping[str, Any]) -> Entry:
        if "status" not in stream.facts:
            raise CaseNotFound
        entry = stream.records.get(typed({"target": body.get("target")}, Target).target)
        if entry is None:
            raise RecordNotFound
        if entry.kind.slug in UNTOUCHABLE or isinstance(entry.rec, OfObligation):
            raise NotAmendable(kind=entry.kind.slug)
        return entry

    def _amendment(
        self, form: type[Any], target: Entry, body: Mapping[str, Any], context: Context
    ) -> Submitted:
        today = self._submissions.today().isoformat()
        filled = {"occurred_on": today, **body, "of": target.kind.slug}
        return self._submissions.read(self._catalogue.of(form), filled, context)

    def _changes(self, target: Entry, body: Mapping[str, Any]) -> dict[str, Any]:
        """The changes as they are stored; every field is one the target has."""
        changes = body.get("changes")
        if not isinstance(changes, dict) or not changes:
            raise NothingToCorrect("changes")
        known = ENVELOPE_FIELDS | set(target.kind.type.__struct_fields__)
        for name in changes:
            if name not in known:
                raise NotOfItsForm("changes", f"A {target.kind.slug} has no such field")
        return self._resolved(target, dict(changes))

    def _resolved(self, target: Entry, changes: dict[str, Any]) -> dict[str, Any]:
        """With the performer's post, and the birth year, which follow from what was sent."""
        day = target.env.occurred_on.isoformat()
        mine = {k: v for k, v in changes.items() if k in ENVELOPE_FIELDS}
        form = typed({"occurred_on": day} | mine, Submission)
        if form.performed_by is not None:
            author = self._posts.author(form.performed_by, form.occurred_on)
            changes["performed_by"] = msgspec.to_builtins(author)
        if isinstance(target.rec, CaseOpened) and "birth_date" in changes:
            changes["birth_year"] = int(str(changes["birth_date"])[:4])
        return changes

    def _corrected(self, stream: Stream, target: Entry, changes: dict[str, Any]) -> Submitted:
        """The target as it would read from now on."""
        before = msgspec.to_builtins(target.env) | self._keys.disclosure(stream).entry(target)
        after = before | changes
        if plain(before) == plain(after):
            raise NothingToCorrect("changes")
        fields = target.kind.type.__struct_fields__
        rec = typed({k: v for k, v in after.items() if k in fields}, target.kind.type)
        check_phones(rec)
        mine = {k: v for k, v in changes.items() if k in ENVELOPE_FIELDS}
        env = corrected_envelope(target.env, mine)
        return Submitted(target.kind, env, rec)

    def _admit(self, stream: Stream, target: Entry, corrected: Submitted) -> None:
        """The corrected record has to satisfy the rules of its kind, as if it came now."""
        others = [e for e in stream.entries if e.env.record_id != target.env.record_id]
        self._judge.admit(Stream.of(stream.id, others), corrected)

    def _renumbered(self, stream: Stream, target: Entry, corrected: Submitted) -> Numbers:
        """A corrected identity number frees the old one and takes the new one."""
        if not isinstance(corrected.rec, CaseOpened):
            return Numbers()
        before = self._keys.disclosure(stream).entry(target)
        old = self._identities.digests(before.get("resident_id"), before.get("school_register_no"))
        new = self._identities.reservations(corrected.rec, stream.id)
        held = {(r.kind, r.digest) for r in new}
        added = tuple(r for r in new if (r.kind, r.digest) not in old)
        self._identities.refuse_taken(added)
        return Numbers(added, tuple(one for one in old if one not in held))

    @staticmethod
    def _refuse_annulled(target: Entry) -> None:
        if target.is_annulled:
            raise AlreadyAnnulled


def corrected_envelope(env: Envelope, changes: Mapping[str, Any]) -> Envelope:
    """Lateness was judged when it came in; it is not judged again."""
    stored = msgspec.to_builtins(env)
    stored.pop("late_reason", None)
    stored["source"] = "system"
    return typed(stored | changes, Envelope)  # type: ignore[no-any-return]
