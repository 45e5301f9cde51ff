"""Notes that are nearly the same: of one worker, about different children and on different days.

What many colleagues write, a form's own words among it, is taken away first. The texts are handed
in and let go of; only how many resemble each other is ever kept.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.casefile.domain.backfill.counting import Count

SENTENCE = re.compile(r"[。！？；!?;\n]+")
NOISE = re.compile(r"[\W\d_]+")
PIECE = 3
# A sentence that a fifth of the colleagues write is the office's, not the worker's.
TEMPLATE_SHARE = 0.2
SHORTEST = 6
ALIKE = 0.8
MOST = 300


class Note(msgspec.Struct, frozen=True, gc=False):
    """What somebody wrote about a child on a day."""

    case_id: UUID
    record_id: UUID
    on: date
    text: str


class Pair(msgspec.Struct, frozen=True):
    """Two records whose notes are nearly the same."""

    first: UUID
    first_case: UUID
    second: UUID
    second_case: UUID
    likeness: float


def template(notes: Mapping[str, Sequence[Note]]) -> frozenset[str]:
    """The sentences that at least two, and a fifth, of the workers write."""
    writers: Counter[str] = Counter()
    for mine in notes.values():
        writers.update({each for note in mine for each in sentences(note.text)})
    least = max(2, len(notes) * TEMPLATE_SHARE)
    return frozenset(each for each, count in writers.items() if count >= least)


def alike(notes: Sequence[Note], usual: frozenset[str]) -> tuple[Count, list[Pair]]:
    """How many notes have a likeness about another child or of another day, of how many.

    Of many notes only the newest are compared. Very short ones are left out, and so are, for a
    likeness, those in which nothing but the usual words stands.
    """
    newest = sorted(notes, key=lambda note: (note.on, note.record_id))[-MOST:]
    long = [note for note in newest if is_long(own_words(note.text, frozenset()))]
    own = [(note, own_words(note.text, usual)) for note in long]
    compared = [(note, pieces(words)) for note, words in own if is_long(words)]
    best: dict[UUID, Pair] = {}
    for place, (one, mine) in enumerate(compared):
        for other, theirs in compared[:place]:
            if is_same_contact(one, other) or (found := resemblance(mine, theirs)) < ALIKE:
                continue
            for first, second in ((one, other), (other, one)):
                best.setdefault(first.record_id, pair_of(first, second, found))
    return Count(len(best), len(long)), list(best.values())


def pair_of(first: Note, second: Note, likeness: float) -> Pair:
    places = (first.record_id, first.case_id, second.record_id, second.case_id)
    return Pair(*places, round(likeness, 2))


def is_same_contact(one: Note, other: Note) -> bool:
    return (one.case_id, one.on) == (other.case_id, other.on)


def is_long(words: str) -> bool:
    return len(words) >= SHORTEST


def sentences(text: str) -> Iterable[str]:
    return (plain for each in SENTENCE.split(text) if (plain := NOISE.sub("", each)))


def own_words(text: str, usual: frozenset[str]) -> str:
    return "".join(each for each in sentences(text) if each not in usual)


def pieces(text: str) -> frozenset[str]:
    """All runs of three letters."""
    return frozenset(text[i : i + PIECE] for i in range(len(text) - PIECE + 1))


def resemblance(mine: frozenset[str], theirs: frozenset[str]) -> float:
    smaller, larger = sorted((len(mine), len(theirs)))
    if not larger or smaller / larger < ALIKE:
        return 0.0
    return len(mine & theirs) / len(mine | theirs)
