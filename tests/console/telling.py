"""The notifications service beside the console: the real one over a database, or one that misbehaves."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from threading import Thread
from typing import Any
from uuid import UUID

import uvicorn

from services.casefile.console.notices import SECONDS, UNCONNECTED, Notices, Question, Told
from services.casefile.history.obligation_rows import ObligationRow
from services.notifications.api.access import Caller, Tokens
from services.notifications.api.app import create_app
from services.notifications.delivering import ledger
from services.notifications.delivering.ledger import Line
from services.notifications.messages import Incoming
from services.notifications.policy.reacting import react
from services.notifications.state import notices
from services.notifications.state.connections import Connection, open_pool
from tests.notifications.given import FULFILLED, message, missed
from tests.notifications.policy.world import LADDER, county

TOKEN = "token-of-casefile"
MISS = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a12"


class Turned:
    """Asks now this one and now that one."""

    def __init__(self) -> None:
        self.to: Notices = UNCONNECTED

    def page(self, question: Question, seconds: float = SECONDS) -> Told:
        return self.to.page(question, seconds)


class Telling:
    """What notifications wrote and sent, from messages about one window of one child."""

    def __init__(self, held: Connection, case_id: UUID, row: ObligationRow, now: datetime) -> None:
        self.held = held
        self.now = now
        self._about = {
            "policy": row.policy, "policy_version": row.policy_version, "rule": row.rule,
            "window": row.window, "due_on": str(row.due_on), "obligor": "staff",
        }  # fmt: skip
        self._case_id = case_id

    def miss(self) -> None:
        told = self._about | {"accountable": "t-101", "role": "class_teacher", "record_id": MISS}
        self._take(missed(1, of=self._case_id, **told))

    def make_good(self) -> None:
        self._take(message(2, FULFILLED, of=self._case_id, missed=MISS, **self._about))

    def attempt(self, staff: str, outcome: str, *others: UUID, **more: Any) -> None:
        """One attempt to tell somebody what is not told yet."""
        query = "SELECT id, kind FROM notifications.notices WHERE staff = %s AND state <> 'stopped'"
        rows = self.held.execute(query, [staff]).fetchall()
        given: dict[str, Any] = {"channel": "smtp", "attempt": 1, "at": self.now} | more
        line = Line(
            notice_ids=[*(row[0] for row in rows), *others], staff=staff, template=rows[0][1],
            locale="zh", outcome=outcome, **given,
        )  # fmt: skip
        ledger.write(self.held, line)
        state = {"delivered": "delivered", "gave_up": "gave_up"}.get(outcome, "queued")
        self.held.execute(
            "UPDATE notifications.notices SET state = %s WHERE id = ANY(%s)",
            [state, [row[0] for row in rows]],
        )

    def _take(self, given: Incoming) -> None:
        notices.write(self.held, react(given, county(), LADDER, self.now))


@contextmanager
def serving(database: str, role: str = "service") -> Iterator[str]:
    """The API of notifications on loopback; gives its address."""
    tokens = Tokens({sha256(TOKEN.encode()).hexdigest(): Caller(role, "casefile")})
    with open_pool(database) as pool, listening() as door:
        server = uvicorn.Server(uvicorn.Config(create_app(pool, tokens), log_config=None))
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        try:
            yield address(door)
        finally:
            server.should_exit = True
            thread.join(timeout=20)


@contextmanager
def answering(answer: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives everybody the same bytes, or waits for ever; and what it was asked."""
    asked: list[bytes] = []
    kept: list[socket.socket] = []
    with listening() as door:
        door.listen()

        def serve() -> None:
            with suppress(OSError):
                while True:
                    caller, _ = door.accept()
                    kept.append(caller)
                    asked.append(caller.recv(65536))
                    if answer is not None:
                        caller.sendall(answer)
                        caller.close()

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield address(door), asked
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=20)
            for caller in kept:
                caller.close()


@contextmanager
def listening() -> Iterator[socket.socket]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        yield door


def address(door: socket.socket) -> str:
    return f"http://127.0.0.1:{door.getsockname()[1]}"
