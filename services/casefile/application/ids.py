"""Ids of cases and records: time-ordered and random."""

import time
from uuid import UUID

from services.casefile.log.randomness import RandomBytes

_tails = RandomBytes(10)


def uuid7() -> UUID:
    """A UUID version 7 (RFC 9562): milliseconds first, so that new cases lie together."""
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(_tails.take(), "big")
    number = (milliseconds & (1 << 48) - 1) << 80
    number |= 0x7 << 76 | (tail >> 68) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    return UUID(int=number)
