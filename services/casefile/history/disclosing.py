"""Opens a file's sealed values with the keys its own stream commits to."""

from collections.abc import Sequence
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import fold
from services.casefile.log.disclosure import Disclosure
from services.casefile.log.keyring import Keyring


def disclosure(keyring: Keyring, stream_id: UUID, entries: Sequence[Entry]) -> Disclosure:
    """Keys committed to later still open what was sealed before."""
    stated = fold(entry for entry in entries if entry.kind.slug == "keys")
    commitments = {path.removeprefix("keys."): fact.value for path, fact in stated.items()}
    return Disclosure(stream_id, keyring.readable(stream_id, commitments), commitments)
