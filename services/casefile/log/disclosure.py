"""Shows an entry or a fact as plain data, personal values revealed or withheld with the reason."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Fact
from services.casefile.domain.personal import DataClass, PersonalState, Sealed, Withheld
from services.casefile.domain.record import Record
from services.casefile.domain.twins import Spec
from services.casefile.log.data_key import SubjectKeys
from services.casefile.log.sealing import Present, reveal

NO_COMMITMENT = b""
PLAIN = (str, int, float, date, time, UUID)


class Disclosure:
    """Opens the sealed values of one stream, with its keys and the log's commitments to them."""

    def __init__(
        self, stream_id: UUID, keys: SubjectKeys, commitments: Mapping[str, bytes]
    ) -> None:
        self._stream_id = stream_id
        self._keys = keys
        self._commitments = commitments

    def entry(self, entry: Entry) -> dict[str, Any]:
        """The entry's own fields as data; a value found out of place counts as tampered with."""
        return _filled(self._shown(entry.rec, "rec", _places(entry), entry.kind.spec))

    def record(self, record: Record) -> dict[str, Any]:
        """A record that is not stored yet, in the same form."""
        return _filled(self._shown(record))

    def late_reason(self, entry: Entry) -> Any:
        return self._shown(entry.env.late_reason, "env.late_reason", {entry.version})

    def fact(self, fact: Fact) -> Any:
        """A fact's value as data; its sealed parts have to be those of its own entry."""
        return self._shown(fact.value, None, _places(fact.entry), fact.entry.kind.spec)

    def value(self, value: Any) -> Any:
        """Any value as data."""
        return self._shown(value)

    def plain(self, value: Any) -> Any:
        """The value itself, or None where it is withheld."""
        shown = self.value(value)
        return None if isinstance(shown, dict) and "withheld" in shown else shown

    def _shown(
        self,
        value: Any,
        path: str | None = None,
        places: set[int] | None = None,
        spec: Spec | None = None,
    ) -> Any:
        if value is None or isinstance(value, PLAIN):
            return value
        if isinstance(value, Sealed):
            return self._open(value, path, places, spec)
        if isinstance(value, list) and value[:1] == ["$sealed"]:
            return self._open(msgspec.convert(value, Sealed), path, places, spec)
        if isinstance(value, tuple | list):
            inner = spec if path is None else spec[0] if isinstance(spec, list) else None
            return [self._shown(v, _at(path, i), places, inner) for i, v in enumerate(value)]
        if isinstance(value, Policy):
            # Nothing in it is personal, and a document is shown as it was written.
            return msgspec.to_builtins(value)
        if isinstance(value, msgspec.Struct):
            fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
            value = {name: field for name, field in fields if field is not None}
        return self._inside(value, path, places, spec) if isinstance(value, dict) else value

    def _inside(
        self,
        value: dict[str, Any],
        path: str | None,
        places: set[int] | None,
        spec: Spec | None,
    ) -> dict[str, Any]:
        if path is None:
            return {k: self._shown(v, None, places, spec) for k, v in value.items()}
        specs = spec if isinstance(spec, dict) else {}
        return {k: self._shown(v, _at(path, k), places, specs.get(k)) for k, v in value.items()}

    def _open(
        self, sealed: Sealed, path: str | None, places: set[int] | None, spec: Spec | None
    ) -> Any:
        if not _in_place(sealed, path, places, spec):
            return _withheld(Withheld(PersonalState.TAMPERED))
        shown = reveal(
            sealed,
            self._keys.opening(sealed.key),
            stream_id=self._stream_id,
            version=sealed.version,
            path=sealed.path,
            commitment=self._commitments.get(sealed.key, NO_COMMITMENT),
        )
        return shown.value if isinstance(shown, Present) else _withheld(shown)


def _in_place(sealed: Sealed, path: str | None, places: set[int] | None, spec: Spec | None) -> bool:
    """Whether the value was sealed for where it was found, with a key of its own class."""
    if places is not None and sealed.version not in places:
        return False
    if path is not None and sealed.path not in (path, path.replace("rec.", "rec.changes.", 1)):
        return False
    if path is None and isinstance(spec, dict):
        spec = _spec_at(spec, sealed.path)
    # A key of another class could be one that was destroyed, and pass for an erasure.
    return not isinstance(spec, DataClass) or sealed.key.partition("#")[0] == spec


def _places(entry: Entry) -> set[int]:
    """The versions an entry's values were sealed in: its own, and those of its corrections."""
    corrections = entry.amended.corrections if entry.amended else ()
    return {entry.version, *(c.version for c in corrections)}


def _spec_at(spec: dict[str, Spec], path: str) -> Spec | None:
    """What a record's type says of the field at a sealed path (`rec.father.phone`)."""
    found: Spec | None = spec
    for part in path.removeprefix("rec.").removeprefix("changes.").split("."):
        if isinstance(found, dict):
            found = found.get(part)
        elif isinstance(found, list):
            found = found[0]
    return found


def _at(path: str | None, name: str | int) -> str | None:
    return None if path is None else f"{path}.{name}"


def _withheld(withheld: Withheld) -> dict[str, str]:
    return {"withheld": withheld.state.value}


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, [], {})}
