"""A record on its way into the log, and the stream it belongs to."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from services.casefile.demo.county import Worker


@dataclass(frozen=True)
class Planned:
    """What happened, who did it, and when it was written down."""

    stream_id: UUID
    slug: str
    body: dict[str, Any]
    occurred_on: date
    recorded_at: datetime
    worker: Worker
    record_id: UUID
    late_reason: str | None = None
    group: UUID | None = None


@dataclass
class Script:
    """One stream's records; each gets an id and comes after what it depends on."""

    stream_id: UUID
    lines: list[Planned] = field(default_factory=list)

    def add(
        self,
        slug: str,
        occurred_on: date,
        recorded_at: datetime | None,
        worker: Worker,
        *,
        after: "Planned | None" = None,
        **body: Any,
    ) -> Planned | None:
        if recorded_at is None:
            return None
        if after is not None:
            recorded_at = max(recorded_at, after.recorded_at + timedelta(minutes=1))
        lag = (recorded_at.date() - occurred_on).days
        line = Planned(
            stream_id=self.stream_id,
            slug=slug,
            body=body,
            occurred_on=occurred_on,
            recorded_at=recorded_at,
            worker=worker,
            record_id=uuid5(self.stream_id, f"{slug}:{len(self.lines)}"),
            late_reason="工作忙,集中补录" if lag > 7 else None,
        )
        self.lines.append(line)
        return line

    def until(self, last_day: date) -> None:
        """Nothing happens any more after this day."""
        self.lines = [line for line in self.lines if line.occurred_on <= last_day]

    def in_order(self) -> list[Planned]:
        """In the order they were written down; the opening is always first."""
        first = min(line.recorded_at for line in self.lines)
        return sorted(
            self.lines, key=lambda p: (p.slug != "opening" or p.recorded_at > first, p.recorded_at)
        )
