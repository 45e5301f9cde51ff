"""What workers wrote, read and revealed for one comparison; nothing of it is kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.casefile.domain.backfill.narrative import Note
from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.evidence_grade import is_narrative
from services.casefile.history.history import History
from services.casefile.log.disclosure import Disclosure


class Narratives:
    """Reads the files of the children that the records are about, one after the other."""

    def __init__(self, history: History) -> None:
        self._history = history

    def notes(self, wanted: Mapping[UUID, Sequence[UUID]]) -> Iterator[Note]:
        """The notes of some records, by the case each belongs to."""
        for case_id, record_ids in wanted.items():
            entries = self._history.entries(case_id)
            disclosure = self._history.disclosure(case_id, entries)
            meant = frozenset(record_ids)
            for entry in effective(entries):
                if entry.record_id in meant and not entry.is_annulled:
                    yield note(entry, disclosure)


def note(entry: Entry, disclosure: Disclosure) -> Note:
    shown = disclosure.entry(entry)
    parts = (shown.get(name) for name, spec in entry.kind.spec.items() if is_narrative(spec))
    text = "\n".join(words for part in parts for words in texts(part))
    return Note(entry.stream_id, entry.record_id, entry.occurred_on, text)


def texts(part: Any) -> Iterable[str]:
    """The texts in a field; what is withheld is not there."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict) and "withheld" not in part:
        for each in part.values():
            yield from texts(each)
    elif isinstance(part, list):
        for each in part:
            yield from texts(each)
