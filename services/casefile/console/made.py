"""A file that has been made: it has no name on the disk any more, and can be handed over again."""

import os
from collections.abc import Iterator
from pathlib import Path

from services.casefile.exporting.rendering import Rendered
from services.casefile.exporting.workplaces import CHUNK


class Made:
    """Open as long as somebody holds it; gone with the process."""

    def __init__(self, path: Path, rendered: Rendered) -> None:
        self.name = path.name
        self.rendered = rendered
        self._file = os.open(path, os.O_RDONLY)

    def parts(self) -> Iterator[bytes]:
        """From the beginning, however many read it at once."""
        at = 0
        while part := os.pread(self._file, CHUNK, at):
            yield part
            at += len(part)

    def __del__(self) -> None:
        # Nobody can read it any more: a number closed earlier could by then be another file's.
        os.close(self._file)
