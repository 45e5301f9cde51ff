"""What is still open, as Casefile's board has it: read page by page over HTTP."""

from collections.abc import Iterator
from typing import Any, Protocol

import msgspec
import urllib3

from services.notifications.refusals import Refused

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
PAGE = 200
Row = dict[str, Any]


class BoardDown(Refused):
    """Casefile does not say what is open."""

    remedy = "See that its API runs, and that the token may read obligations."


class Board(Protocol):
    """What is open; at least as new as a position of the log."""

    def coming(self, hours: int, position: int) -> Iterator[list[Row]]: ...

    def overdue(self, position: int) -> Iterator[list[Row]]: ...


class _Page(msgspec.Struct, frozen=True):
    rows: list[Row]
    next: str | None = None


class HttpBoard:
    """Casefile's API."""

    def __init__(self, address: str, token: str, page: int = PAGE) -> None:
        self._address = address
        self._page = page
        self._http = urllib3.PoolManager(
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            retries=urllib3.Retry(2, backoff_factor=0.5, status_forcelist=(502, 503)),
        )

    def coming(self, hours: int, position: int) -> Iterator[list[Row]]:
        """What becomes due, overdue or missed within so many hours."""
        return self._pages("/v1/obligations/upcoming", {"hours": str(hours)}, position)

    def overdue(self, position: int) -> Iterator[list[Row]]:
        return self._pages("/v1/obligations", {"state": "overdue"}, position)

    def _pages(self, path: str, asked: dict[str, str], position: int) -> Iterator[list[Row]]:
        fields = asked | {"limit": str(self._page), "min_position": str(position)}
        cursor: str | None = None
        while True:
            page = self._one(path, fields | ({"cursor": cursor} if cursor else {}))
            yield page.rows
            if page.next is None:
                return
            cursor = page.next

    def _one(self, path: str, fields: dict[str, str]) -> _Page:
        try:
            answer = self._http.request("GET", f"{self._address}{path}", fields=fields)
        except urllib3.exceptions.HTTPError as fault:
            raise BoardDown(reason=type(fault).__name__) from None
        if answer.status != 200:
            raise BoardDown(status=answer.status)
        try:
            return msgspec.json.decode(answer.data, type=_Page)
        except msgspec.MsgspecError:
            raise BoardDown(reason="the page cannot be read") from None
