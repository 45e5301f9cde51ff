"""Turns decided steps into drafts: numbers them, and sees that the keys they need are in the log."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid5

from services.casefile.application.clock import Clock, day_in_china
from services.casefile.application.context import SYSTEM
from services.casefile.application.decision import Step
from services.casefile.application.stream import BIRTH_DATE, Stream
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.envelope import Envelope
from services.casefile.domain.families.case import KeysProvisioned, SealingKey
from services.casefile.domain.personal import DataClass
from services.casefile.log.data_key import DataKey
from services.casefile.log.disclosure import Disclosure
from services.casefile.log.keyring import Keyring
from services.casefile.log.mapper import CasefileMapper, Draft

NO_KEYS: Mapping[str, DataKey] = {}


class SealingKeys:
    """A stream's keys, for sealing what comes and for opening what checks must know."""

    def __init__(
        self, keyring: Keyring, mapper: CasefileMapper, catalogue: Catalogue, clock: Clock
    ) -> None:
        self._keyring = keyring
        self._mapper = mapper
        self._kind = catalogue.of(KeysProvisioned)
        self._clock = clock

    def drafts(self, stream: Stream, steps: Sequence[Step]) -> list[Draft]:
        """The steps as drafts, preceded by the keys they are the first to need."""
        keys = self._held(stream, steps)
        provided: list[Step] = []
        if keys is None:
            classes = {c for s in steps for c in self._mapper.classes(s.kind, s.env, s.rec)}
            keys = self._keys(stream.id, classes)
            provided = self._provided(stream, classes, keys)
        return [
            Draft(stream.id, stream.version + n, step.kind, step.env, step.rec, keys)
            for n, step in enumerate((*provided, *steps), start=1)
        ]

    def disclosure(self, stream: Stream) -> Disclosure:
        keys = self._keyring.readable(stream.id, stream.commitments)
        return Disclosure(stream.id, keys, stream.commitments)

    def born_on(self, stream: Stream) -> date | None:
        """The child's birth date, where it can be shown; checks need it."""
        fact = stream.facts.get(BIRTH_DATE)
        if fact is not None and stream.born_on is None:
            shown = self.disclosure(stream).plain(fact.value)
            stream.born_on = date.fromisoformat(shown) if isinstance(shown, str) else shown
        return stream.born_on

    def _held(self, stream: Stream, steps: Sequence[Step]) -> Mapping[str, DataKey] | None:
        """The keys in use, when the log knows every one the steps could need: the usual case."""
        if not stream.commitments:
            return None
        held = self._keyring.keys(stream.id)
        could = {c for s in steps for c in self._mapper.could_need(s.kind, s.rec)}
        if held.withheld or any(c not in held for c in could):
            return None
        return held if all(held[c].id in stream.commitments for c in could) else None

    def _keys(self, stream_id: UUID, classes: set[DataClass]) -> Mapping[str, DataKey]:
        if not classes:
            return NO_KEYS
        held = self._keyring.keys(stream_id)
        if missing := classes - set(held):
            self._keyring.provision(stream_id, sorted(missing))
            held = self._keyring.keys(stream_id)
        return held

    def _provided(
        self, stream: Stream, classes: set[DataClass], keys: Mapping[str, DataKey]
    ) -> list[Step]:
        used = [keys[c] for c in sorted(classes)]
        new = [key for key in used if key.id not in stream.commitments]
        if not new:
            return []
        env = Envelope(
            record_id=uuid5(stream.id, ",".join(key.id for key in new)),
            occurred_on=day_in_china(self._clock()),
            recorded_by=SYSTEM.author,
            source="system",
        )
        rec = KeysProvisioned(keys=tuple(SealingKey(k.id, k.commitment) for k in new))
        return [Step(stream.id, self._kind, env, rec)]
