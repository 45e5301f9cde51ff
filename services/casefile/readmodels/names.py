"""Digests of children's names, so that the roster finds a name that it does not hold."""

from collections.abc import Collection
from uuid import UUID

from services.casefile.domain.facts import under, value
from services.casefile.domain.identifiers import normal_name
from services.casefile.domain.personal import PersonalState, Sealed
from services.casefile.following.errors import KeyMissing
from services.casefile.following.folded import Folded
from services.casefile.log.blind_index import BlindIndex
from services.casefile.log.keyring import Keyring
from services.casefile.log.keyring_errors import KeyringUnavailable
from services.casefile.log.sealing import Present, reveal


class NameDigests:
    """Opens names for as long as it takes to digest them."""

    def __init__(self, keyring: Keyring, index: BlindIndex) -> None:
        self._keyring = keyring
        self._index = index

    def prepare(self, case_ids: Collection[UUID]) -> None:
        """Read the keys of many cases at once, and anew: one may have been destroyed meanwhile."""
        for case_id in case_ids:
            self._keyring.forget(case_id)
        self._keyring.load_many(case_ids)

    def of(self, case: Folded) -> str | None:
        """The digest of the name on file; None when the name is erased or does not open."""
        sealed = value(case.facts, "child.name")
        if not isinstance(sealed, Sealed):
            return None
        name = self._opened(case, sealed)
        return None if name is None else self._index.digest("name", normal_name(name)).hex()

    def _opened(self, case: Folded, sealed: Sealed) -> str | None:
        keys = self._keyring.keys(case.id)
        if not keys.names([sealed.key]):
            raise KeyMissing(case.id, sealed.key)
        commitment = under(case.facts, "keys").get(sealed.key)
        shown = reveal(
            sealed,
            keys.opening(sealed.key),
            stream_id=case.id,
            version=sealed.version,
            path=sealed.path,
            commitment=commitment.value if commitment else b"",
        )
        if isinstance(shown, Present):
            return str(shown.value)
        if shown.state is PersonalState.KEY_UNAVAILABLE:
            raise KeyringUnavailable
        return None
