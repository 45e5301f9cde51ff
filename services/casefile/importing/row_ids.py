"""Record ids that follow from what a row says, so that the same row is never recorded twice.

Keyed, because an id that anybody could compute from a guess would betray what it stands for.
"""

from collections import Counter
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.log.blind_index import BlindIndex

VERSION = 0x8 << 76
VARIANT = 0b10 << 62
OPEN_BITS = ~(0xF << 76 | 0b11 << 62)


class RowIds:
    """Gives rows their ids; among identical rows of a file, the first, second… each its own."""

    def __init__(self, index: BlindIndex) -> None:
        self._index = index
        self._seen: Counter[bytes] = Counter()

    def of(self, slug: str, subject: str, body: dict[str, Any]) -> UUID:
        content = msgspec.json.encode([slug, subject, body], order="deterministic").decode()
        digest = self._index.digest("import_row", content)[:16]
        occurrence = self._seen[digest] + 1
        self._seen[digest] = occurrence
        if occurrence > 1:
            digest = self._index.digest("import_row", f"{digest.hex()}/{occurrence}")[:16]
        return _uuid8(digest)


def _uuid8(digest: bytes) -> UUID:
    return UUID(int=int.from_bytes(digest, "big") & OPEN_BITS | VERSION | VARIANT)
