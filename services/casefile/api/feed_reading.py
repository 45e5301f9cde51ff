"""What follows a position of the log, as messages, narrowed to some types or to one case."""

from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from services.casefile.api.refusals import FeedHeld, PositionAhead
from services.casefile.log.commit import LogRow
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.messages import Stretch, told
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.publishing.message import Message

ROWS = 1_000
# A filter that little passes is answered with a position to go on from, before anybody loses patience.
MOST_PAGES = 20
MOST_BYTES = 4 * 1024 * 1024
Page = Callable[[int, int], list[LogRow]]


class Wish(msgspec.Struct, frozen=True):
    """Whom a reader wants to hear of. No types means all."""

    limit: int
    types: frozenset[str] = frozenset()
    case_id: UUID | None = None


class FeedReader:
    def __init__(self, recorder: CasefileRecorder, mapper: CasefileMapper) -> None:
        self._recorder, self._mapper = recorder, mapper

    def read(self, after: int, wish: Wish) -> Stretch:
        """The next messages. Where the next event cannot be read, it says so and goes no further."""
        found = self._of_case(after, wish) if wish.case_id else self._of_all(after, wish)
        if found.held is not None and not found.messages:
            raise FeedHeld(found.held.position)
        return within(found)

    def _of_all(self, after: int, wish: Wish) -> Stretch:
        def page(position: int, most: int) -> list[LogRow]:
            rows = self._recorder.page(position, most)
            if not rows and position == after:
                self._refuse_beyond(after)
            return rows

        return self._paged(after, wish, page)[0]

    def _of_case(self, after: int, wish: Wish) -> Stretch:
        """What others append moves the place of whoever waits for one case, too."""
        case_id, head = wish.case_id, self._refuse_beyond(after)
        assert case_id is not None

        def page(position: int, most: int) -> list[LogRow]:
            return self._recorder.stream_page(case_id, position, head, most)

        found, is_whole = self._paged(after, wish, page)
        return msgspec.structs.replace(found, position=head) if is_whole else found

    def _paged(self, after: int, wish: Wish, page: Page) -> tuple[Stretch, bool]:
        """The messages, and whether nothing is left behind them."""
        found: list[Message] = []
        position = after
        for _ in range(MOST_PAGES):
            left = wish.limit - len(found)
            most = ROWS if wish.types else min(ROWS, left)
            rows = page(position, most)
            stretch = told(self._mapper, rows, position, wish.types, left)
            found += stretch.messages
            position = stretch.position
            is_whole = stretch.held is None and (not rows or position == rows[-1][0])
            if stretch.held or len(found) == wish.limit or len(rows) < most:
                return Stretch(found, position, stretch.held), is_whole and len(rows) < most
        return Stretch(found, position), False

    def _refuse_beyond(self, after: int) -> int:
        head = self._recorder.head()
        if after > head:
            raise PositionAhead
        return head


def within(stretch: Stretch) -> Stretch:
    """As much of it as one answer may hold."""
    kept = fitting(stretch.messages)
    if len(kept) == len(stretch.messages):
        return stretch
    return Stretch(list(kept), kept[-1].position)


def fitting(messages: Sequence[Message]) -> Sequence[Message]:
    weight = 0
    for number, message in enumerate(messages):
        weight += len(message.data)
        if weight > MOST_BYTES and number:
            return messages[:number]
    return messages
