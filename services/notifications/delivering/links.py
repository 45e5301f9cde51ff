"""Where the console shows what a notice is about: whoever signs in there sees the child's name."""

from uuid import UUID

from services.notifications.delivering.matter import Matter, Piece

SHOWN = 8


class Links:
    """`console`: its public address, without a slash at the end; none: there are no links."""

    def __init__(self, console: str | None = None) -> None:
        self._console = console

    def of_matter(self, matter: Matter) -> str | None:
        """A digest leads to the start of the console: a group may read it, and not of whom it is."""
        if matter.template == "digest":
            return f"{self._console}/" if self._console else None
        return self.of_piece(matter.pieces[0])

    def of_piece(self, piece: Piece) -> str | None:
        page = _page(piece)
        return f"{self._console}{page}" if self._console and page else None

    def case_name(self, case_id: UUID | str) -> str:
        """As the console shows it, where a link leads to the whole."""
        return f"…{str(case_id)[-SHOWN:]}" if self._console else str(case_id)


def _page(piece: Piece) -> str | None:
    facts = piece.facts
    if facts.get("stream") == "inspection" and "finding" in facts:
        return f"/inspections/{facts['stream_id']}/findings/{facts['finding']}"
    if piece.case_id is None:
        return None
    owed = "/obligations" if "rule" in facts else ""
    return f"/cases/{piece.case_id}{owed}"
