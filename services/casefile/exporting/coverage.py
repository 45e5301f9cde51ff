"""Which characters a font has a picture for, read from its own `cmap` table.

The PDF compiler prints an empty box for a character the font lacks and says nothing. Names must
not get lost like that, so the code point is printed beside the box.
"""

import mmap
import struct
from functools import cache
from pathlib import Path
from typing import NamedTuple

COLLECTION = b"ttcf"
UNICODE = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3))
SEGMENTS, GROUPS = 4, 12


class Range(NamedTuple):
    """From one code point to another, both included."""

    first: int
    last: int


class Coverage:
    """The code points of one face, as sorted ranges."""

    def __init__(self, ranges: list[Range]) -> None:
        self.ranges = sorted(ranges)
        self._met: dict[str, bool] = {}

    def __contains__(self, character: str) -> bool:
        """A text has the same few characters over and over."""
        found = self._met.get(character)
        if found is None:
            found = self._met[character] = self._find(character)
        return found

    def _find(self, character: str) -> bool:
        point, low, high = ord(character), 0, len(self.ranges)
        while low < high:
            middle = (low + high) // 2
            if self.ranges[middle].last < point:
                low = middle + 1
            else:
                high = middle
        return low < len(self.ranges) and self.ranges[low].first <= point


@cache
def coverage(path: Path, face: int = 0) -> Coverage:
    """What a face of a font file covers; of a collection, the one with this number."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = struct.unpack_from(">I", data, 12 + 4 * face)[0] if data[:4] == COLLECTION else 0
        table = table_at(data, start, b"cmap")
        return Coverage(ranges_of(data, subtable(data, table)))


def table_at(data: mmap.mmap, start: int, wanted: bytes) -> int:
    count = struct.unpack_from(">H", data, start + 4)[0]
    for place in range(start + 12, start + 12 + 16 * count, 16):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, place)
        if tag == wanted:
            return int(offset)
    raise ValueError(wanted)


def subtable(data: mmap.mmap, table: int) -> int:
    """The subtable that knows most of Unicode."""
    count: int = struct.unpack_from(">H", data, table + 2)[0]
    records = (struct.unpack_from(">HHI", data, table + 4 + 8 * n) for n in range(count))
    known: dict[tuple[int, int], int] = {
        (platform, encoding): table + offset for platform, encoding, offset in records
    }
    return next(known[key] for key in UNICODE if key in known)


def ranges_of(data: mmap.mmap, at: int) -> list[Range]:
    form = struct.unpack_from(">H", data, at)[0]
    if form == GROUPS:
        count = struct.unpack_from(">I", data, at + 12)[0]
        groups = (struct.unpack_from(">III", data, at + 16 + 12 * n) for n in range(count))
        return [Range(first, last) for first, last, glyph in groups if glyph or last > first]
    if form == SEGMENTS:
        count = struct.unpack_from(">H", data, at + 6)[0] // 2
        ends = struct.unpack_from(f">{count}H", data, at + 14)
        starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
        return [Range(*pair) for pair in zip(starts, ends, strict=True) if pair[1] != 0xFFFF]
    raise ValueError(form)
