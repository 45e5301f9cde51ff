"""Judges many subjects from their streams, read together: for what no row of the board can say."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.obligation import Judgement
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.obligation import OfObligation
from services.casefile.following.errors import TRANSIENT
from services.casefile.following.folded import Folded
from services.casefile.following.parking import reason_of

Owes = Literal["case", "unit"]


class Judged(NamedTuple):
    """A subject's whole stream, and what came of its windows; or why nobody can say."""

    subject_id: UUID
    stream: Owes
    entries: Sequence[Entry]
    judgement: Judgement
    fault: str = ""

    @property
    def version(self) -> int:
        return self.entries[-1].version if self.entries else 0

    @property
    def declared(self) -> list[Entry]:
        """What the log says of its obligations."""
        return [entry for entry in self.entries if isinstance(entry.rec, OfObligation)]


NOTHING = Judgement((), ())


def judged(streams: Sequence[Folded], rulebook: Rulebook, now: datetime) -> Iterator[Judged]:
    """Those of the streams that can owe something; one that cannot be read stops no other."""
    for stream in streams:
        try:
            if (found := _judged(stream, rulebook, now)) is not None:
                yield found
        except (*TRANSIENT, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - told with the subject it befell
            yield Judged(stream.id, "case", (), NOTHING, reason_of(error))
        finally:
            stream.forget()


def _judged(stream: Folded, rulebook: Rulebook, now: datetime) -> Judged | None:
    whose = stream.entries[0].kind.stream
    if whose not in ("case", "unit"):
        return None
    subject = Subject(stream.id, whose, stream.entries)
    return Judged(stream.id, whose, stream.entries, judge(subject, rulebook, now))
