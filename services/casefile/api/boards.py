"""What is owed across children: the board, what comes next, and how many of each."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field

from services.casefile.api.listing import AskedPage, Listing
from services.casefile.api.refusals import NotAllowed
from services.casefile.application.context import Actor
from services.casefile.domain.cadence.obligation import State
from services.casefile.readmodels.obligation_board import (
    BoardCount,
    BoardRow,
    ComingRow,
    ObligationBoard,
)
from services.casefile.readmodels.obligations_asking import BoardFilter, OwedFilter
from services.casefile.readmodels.pages import Cursor, Page, Pool

FOLLOWED = ("obligations",)
Now = Callable[[], datetime]
By = Literal[
    "accountable", "unit", "class_unit", "school", "village", "township", "rule", "obligor"
]


class AskedOwed(AskedPage):
    """`ahead`: windows too that have not begun."""

    states: list[State] = Field(
        default_factory=list,
        alias="state",
        max_length=9,
        description="Any of these states; may be given often.",
    )


class AskedComing(AskedPage):
    hours: Annotated[int, Field(ge=1, le=744, description="Within so many hours from now.")] = 24


class AskedCounts(AskedOwed):
    by: By = "accountable"


def boards(pool: Pool, now: Now) -> list[Listing]:
    """The lists of what is owed now."""
    board = ObligationBoard(pool)

    def page(wanted: Any, _: Any, place: Cursor | None, limit: int) -> Page[BoardRow]:
        return board.page(wanted, now(), place, limit)

    def upcoming(
        wanted: Any, asked: AskedComing, place: Cursor | None, limit: int
    ) -> Page[ComingRow]:
        return board.upcoming(now(), asked.hours, wanted, place, limit)

    def counts(
        wanted: Any, asked: AskedCounts, place: Cursor | None, limit: int
    ) -> Page[BoardCount]:
        return board.counts(wanted, now(), asked.by, place, limit)

    return [
        Listing(
            "/v1/obligations", "read_obligations", FOLLOWED,
            "List what is owed, what is due first before the rest", BoardFilter, page, BoardRow,
            form=AskedOwed, narrow=own,
        ),
        Listing(
            "/v1/obligations/upcoming", "read_obligations", FOLLOWED,
            "List what becomes due, overdue or missed within some hours", OwedFilter, upcoming,
            ComingRow, form=AskedComing, narrow=own,
        ),
        Listing(
            "/v1/obligations/counts", "read_obligations", FOLLOWED,
            "Count what is owed, state by state", BoardFilter, counts, BoardCount,
            form=AskedCounts, narrow=own,
        ),
    ]  # fmt: skip


def own(asked: OwedFilter, actor: Actor) -> OwedFilter:
    """A teacher sees what she owes herself; the file of a child shows what others owe the child."""
    return msgspec.structs.replace(asked, accountable=seen_by(actor, asked.accountable))


def seen_by(actor: Actor, staff: str | None) -> str | None:
    """Whose obligations are shown: those of a teacher to herself, to others whose they ask for."""
    if actor.role != "teacher":
        return staff
    if staff not in (None, actor.author.staff):
        raise NotAllowed
    return actor.author.staff
