"""Streams as the log had them at a cut, for whoever reads them by id."""

from collections.abc import Iterable
from uuid import UUID

from services.casefile.history.pinning import Pinned
from services.casefile.log.commit import Row
from services.casefile.log.recorder import CasefileRecorder


class UpTo:
    """The log up to a cut."""

    def __init__(self, recorder: CasefileRecorder, pinned: Pinned) -> None:
        self._recorder = recorder
        self._pinned = pinned

    def streams(self, stream_ids: Iterable[UUID]) -> dict[UUID, list[Row]]:
        found = self._recorder.streams(stream_ids)
        cut_off = {stream_id: self._until(rows) for stream_id, rows in found.items()}
        return {stream_id: rows for stream_id, rows in cut_off.items() if rows}

    def _until(self, rows: list[Row]) -> list[Row]:
        """A prefix, even if a clock ever went back."""
        position, known_at = self._pinned.position, self._pinned.known_at
        for place, (_, _, _, at, recorded_at) in enumerate(rows):
            if at > position or recorded_at > known_at:
                return rows[:place]
        return rows
