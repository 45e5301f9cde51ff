"""A database with people and notices, and a worker that delivers until nothing is left to do."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from services.notifications.channels.channel import Channel, ChannelRefused, Rendered, Sent
from services.notifications.delivering.attempting import Attempting
from services.notifications.delivering.pacing import LIMITS, Limit, Pace
from services.notifications.delivering.queueing import RESCUE, queue, queue_digests
from services.notifications.delivering.rendering import Renderer
from services.notifications.delivering.results import Result, ResultPublisher
from services.notifications.delivering.telling import Books, Telling
from services.notifications.delivering.worker import Delivery
from services.notifications.policy.intent import Intent
from services.notifications.policy.reading import default_ladder
from services.notifications.policy.timing import Timing
from services.notifications.state.connections import Connection, open_pool
from services.notifications.state.notices import Notice, write

# A Wednesday, ten in the morning in China; ahead of the clock of the database, which runs on.
NOON = datetime(2030, 11, 20, 2, 0, tzinfo=UTC)
NIGHT = datetime(2030, 11, 20, 15, 0, tzinfo=UTC)
FACTS = {
    "rule": "talk.class_teacher", "window": "2026-10", "due_on": "2026-10-31", "stream": "case",
    "stream_id": "c0de", "occurred_on": "2026-11-17", "accountable": "t-1",
}  # fmt: skip

WAITING = "status = 'todo' AND task_name <> %s"


class Recording:
    """A channel that takes everything, or refuses in turn what it is told to refuse."""

    def __init__(self, name: str, *refusals: ChannelRefused | Exception | None) -> None:
        self.name = name
        self.in_group = name in ("wecom", "dingtalk", "feishu", "apprise")
        self.refusals = list(refusals)
        self.sent: list[tuple[str, Rendered, str]] = []

    async def send(self, address: str, rendered: Rendered, idempotency_key: str) -> Sent:
        refusal = None
        if self.refusals:
            refusal = self.refusals.pop(0) if len(self.refusals) > 1 else self.refusals[0]
        if refusal is not None:
            raise refusal
        self.sent.append((address, rendered, idempotency_key))
        return Sent()


class Published:
    def __init__(self) -> None:
        self.results: list[Result] = []

    def publish(self, result: Result) -> None:
        self.results.append(result)


class Office:
    """`now` is what the service takes for now; the queue goes by the database's own clock."""

    def __init__(self, address: str, held: Connection) -> None:
        self.address = address
        self.held = held
        self.now = NOON
        self.renderer = Renderer("https://casefile.example")
        self.limits: Mapping[str, Limit] = LIMITS
        self.publisher: ResultPublisher | None = None

    def person(self, staff: str, *channels: str, **given: Any) -> None:
        told = [{"channel": name, "address": f"{staff}@{name}"} for name in channels]
        columns = {"staff": staff, "channels": Jsonb(told), **given}
        names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO notifications.people ({names}) VALUES ({marks})"
        self.held.execute(sql.encode(), list(columns.values()))

    def notice(
        self,
        staff: str,
        kind: str = "missed",
        *,
        case: UUID | None = None,
        urgency: str = "now",
        facts: dict[str, Any] | None = None,
        at: datetime | None = None,
    ) -> Notice:
        intent = Intent(
            kind=kind, dedup=str(uuid4()), case_id=case or uuid4(), staff=(staff,),
            urgency=urgency, not_before=at, facts=FACTS if facts is None else facts,
        )  # fmt: skip
        with self.held.transaction():
            written = write(self.held, [intent])
            queue(self.held, written)
        return written[0]

    def digest(self, staff: str, *notices: Notice, hearer: str | None = None) -> UUID:
        number = uuid4()
        self.held.execute(
            "INSERT INTO notifications.digests (id, staff, hearer, day, notices, sections)"
            " VALUES (%s, %s, %s, %s, %s, '[]')",
            [number, staff, hearer or staff, self.now.date(), len(notices)],
        )
        self.held.execute(
            "UPDATE notifications.notices SET digest_id = %s WHERE id = ANY(%s)",
            [number, [notice.id for notice in notices]],
        )
        queue_digests(self.held, [number])
        return number

    def bar(self, case: UUID, staff: str) -> None:
        sql = "INSERT INTO notifications.hidden (record_id, case_id, staff) VALUES (%s, %s, %s)"
        self.held.execute(sql, [uuid4(), case, staff])

    def run(self, *channels: Channel) -> None:
        """What is due now, and what becomes due through it."""
        asyncio.run(self._run({channel.name: channel for channel in channels}))

    def run_all(self, *channels: Channel, rounds: int = 30) -> None:
        """Later attempts too: whatever waits in the queue is due at once."""
        for _ in range(rounds):
            self.run(*channels)
            if self.hurry() == 0:
                return
        raise AssertionError("it never ends")

    def hurry(self) -> int:
        """Make whatever waits due at once; says how much that is."""
        sql = f"UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE {WAITING}"
        return self.held.execute(sql.encode(), [RESCUE]).rowcount

    async def _run(self, channels: Mapping[str, Channel]) -> None:
        with open_pool(self.address) as pool:
            await self.delivery(pool, channels).run(wait=False, signals=False)

    def delivery(self, pool: Any, channels: Mapping[str, Channel]) -> Delivery:
        books = Books(published=self.publisher is not None)
        telling = Telling(self.renderer, books, lambda: self.now)
        timing, pace = Timing(default_ladder()), Pace(self.limits)
        attempting = Attempting(
            pool, channels, self.renderer, books, timing, lambda: self.now, pace
        )
        return Delivery(self.address, pool, telling, attempting, self.publisher)

    def state(self, notice: Notice) -> str:
        sql = "SELECT state FROM notifications.notices WHERE id = %s"
        row = self.held.execute(sql, [notice.id]).fetchone()
        assert row is not None
        return str(row[0])

    def rows(self, sql: str, *given: Any) -> list[dict[str, Any]]:
        return self.held.cursor(row_factory=dict_row).execute(sql.encode(), given).fetchall()

    def ledger(self) -> list[tuple[str, str, str, str | None]]:
        """Who, through what, with which outcome and code; line by line."""
        found = self.rows("SELECT * FROM notifications.deliveries ORDER BY id")
        return [(r["staff"], r["channel"], r["outcome"], r["code"]) for r in found]

    def items(self) -> list[tuple[str, str]]:
        found = self.rows("SELECT staff, title FROM notifications.items ORDER BY id")
        return [(r["staff"], r["title"]) for r in found]

    def waiting_jobs(self) -> list[dict[str, Any]]:
        sql = f"SELECT task_name, scheduled_at, args FROM procrastinate_jobs WHERE {WAITING}"
        return self.rows(sql, RESCUE)


def refusal(handling: str = "retry", code: str = "http_500", **given: Any) -> ChannelRefused:
    return ChannelRefused(code, handling, "as told", **given)  # type: ignore[arg-type]


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)
