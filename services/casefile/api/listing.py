"""How a list is read over HTTP: filters from the address, opaque cursors, a position to wait for."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from types import NoneType
from typing import Annotated, Any, get_args, get_type_hints
from uuid import UUID

import msgspec
import psycopg
from fastapi import Request, Response
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, Field, create_model

from services.casefile.api.access import Action
from services.casefile.api.answering import answered
from services.casefile.api.asked import Asked, Day
from services.casefile.api.cursors import after, cursor, next_link, pairs
from services.casefile.api.exchange import exchange_of
from services.casefile.api.gate import signed_in
from services.casefile.api.refusals import ListUnavailable, WrongCursor, WrongParameter
from services.casefile.application.context import Actor
from services.casefile.following.whereabouts import Whereabouts
from services.casefile.readmodels.pages import Cursor, Page

PATIENCE = 2.0
Text = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Number = Annotated[int, Field(ge=-100, le=10_000)]
FORMS: dict[Any, Any] = {str: Text, int: Number, date: Day, UUID: UUID}
Position = Annotated[
    int | None,
    Field(ge=0, le=2**62, description="Wait until the list has seen this position of the log."),
]
Limit = Annotated[int, Field(ge=1, le=200)]
CursorText = Annotated[str | None, Field(max_length=1000)]


class AskedList(Asked):
    """What every list takes."""

    min_position: Position = None


class AskedPage(AskedList):
    limit: Limit = 50
    cursor: CursorText = None


Ask = Callable[[Any, Any, Cursor | None, int], Page[Any]]


@dataclass(frozen=True)
class Listing:
    """One list: where it is, what it may be filtered by, and what answers it."""

    path: str
    action: Action
    models: tuple[str, ...]
    summary: str
    filters: type[msgspec.Struct]
    ask: Ask
    row: type[Any]
    show: Callable[[Sequence[Any]], Sequence[Any]] = list
    form: type[AskedPage] = AskedPage
    narrow: Callable[[Any, Actor], Any] | None = None


def query(listing: Listing) -> type[BaseModel]:
    """The parameters of a list: its filters, each in the form of its type, and the page's."""
    hints = get_type_hints(listing.filters)
    forms = {n: _kind(h) for n, h in hints.items() if n not in listing.form.model_fields}
    filters: dict[str, Any] = {n: (FORMS.get(f, f) | None, None) for n, f in forms.items()}
    return create_model(f"{listing.row.__name__}Query", __base__=listing.form, **filters)


def filter_of(listing: Listing, asked: BaseModel) -> msgspec.Struct:
    names = listing.filters.__struct_fields__
    return listing.filters(**{name: getattr(asked, name) for name in names})


def wanted(listing: Listing, request: Request, asked: BaseModel) -> msgspec.Struct:
    """What is asked for, no wider than whoever asks may see."""
    found = filter_of(listing, asked)
    if listing.narrow is None:
        return found
    narrowed: msgspec.Struct = listing.narrow(found, signed_in(exchange_of(request.scope)))
    return narrowed


def page(listing: Listing, whereabouts: Whereabouts, request: Request, asked: Any) -> Response:
    """One page, after the list has caught up with the position that is asked for."""
    question = repr((listing.path, pairs(asked, "limit")))
    place = after(asked.cursor, question, tuple[str, ...])
    with reading():
        wait(whereabouts, listing.models, request, asked)
        found = listing.ask(wanted(listing, request, asked), asked, place, asked.limit)
    following = None if found.next is None else cursor(found.next, question)
    link = next_link(listing.path, pairs(asked), following)
    return answered({"rows": listing.show(found.rows), "next": following}, link)


def wait(
    whereabouts: Whereabouts, models: Sequence[str], request: Request, asked: AskedList
) -> None:
    position = asked.min_position
    if position is None and (sent := exchange_of(request.scope).header(b"casefile-min-position")):
        if not (sent.isascii() and sent.isdigit() and len(sent) < 19):
            raise WrongParameter("Casefile-Min-Position")
        position = int(sent)
    if position is not None:
        whereabouts.wait_for(models, position, PATIENCE)


@contextmanager
def reading() -> Iterator[None]:
    """What the database cannot answer, in our words: its own may quote what was asked."""
    try:
        yield
    except psycopg.DataError:
        raise WrongCursor from None
    except (psycopg.Error, PoolTimeout):
        raise ListUnavailable from None


def shape(row: type[Any]) -> type[msgspec.Struct]:
    """The form of a page of such rows."""
    return msgspec.defstruct(
        f"{row.__name__}Page",
        [("rows", list[row]), ("next", str | None)],  # type: ignore[valid-type]
        namespace={"__doc__": "A page of a list, and the cursor of the next one."},
    )


def _kind(hint: Any) -> Any:
    return next((a for a in get_args(hint) if a is not NoneType), hint)
