"""One request for a page: who asks, in which language, for what; and the addresses it leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_origin
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, ValidationError

from services.casefile.api.access import Action, decide_access
from services.casefile.api.exchange import Exchange
from services.casefile.api.gate import Gate, signed_in
from services.casefile.api.refusals import WrongParameter
from services.casefile.application.context import Actor
from services.casefile.console.desk import Desk
from services.casefile.console.page import Format, Page, PageNotFound
from services.casefile.console.sessions import Session
from services.casefile.domain.refusals import CaseNotFound
from services.casefile.history.cohort import Progress
from services.casefile.labels import Labels
from services.casefile.rulebooks.what_if import in_silence

A = TypeVar("A", bound=BaseModel)
Pairs = Sequence[tuple[str, str]]
SPOKEN = ("day", "instant")


@dataclass
class Visit:
    """Handed to every page; knows nothing of what the page is about."""

    exchange: Exchange
    gate: Gate
    desk: Desk
    path: str
    params: Mapping[str, str]
    query: Pairs
    page: Page | None = None
    form: Pairs = ()
    session: Session | None = None
    format: Format | None = None
    scheme: str = "http"
    purpose: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    progress: Progress = in_silence

    @property
    def labels(self) -> Labels:
        return self.exchange.labels

    @property
    def actor(self) -> Actor:
        return signed_in(self.exchange)

    @property
    def is_watched(self) -> bool:
        """Whether a person looks on, who would see a page; programs do not ask for one."""
        return "text/html" in self.exchange.header(b"accept")

    def may(self, action: Action) -> bool:
        return decide_access(self.exchange.actor, action).is_allowed

    def must(self, action: Action) -> None:
        """For what a page only sometimes does; refused as at the door."""
        self.gate.admit(self.exchange, action)

    @property
    def case_id(self) -> UUID:
        try:
            return UUID(self.params["case_id"])
        except ValueError:
            raise CaseNotFound from None

    def id(self, name: str) -> UUID:
        try:
            return UUID(self.params[name])
        except ValueError:
            raise PageNotFound from None

    def asked(self, form: type[A]) -> A:
        """The question in the address; a field left empty was not asked."""
        return parsed(form, [pair for pair in self.query if pair[1].strip()])

    def value(self, name: str, otherwise: str = "") -> str:
        """One parameter, the last that was given."""
        return next((v for n, v in reversed(self.query) if n == name), otherwise)

    def link(self, path: str | None = None, **changes: Any) -> str:
        """This question at this or another address, with some of it changed; None takes away."""
        kept = [(n, v) for n, v in self.query if n not in changes and v]
        for name, value in changes.items():
            values = value if isinstance(value, list | tuple) else [value]
            kept += [(name, str(v)) for v in values if v not in (None, "")]
        return addressed(self.path if path is None else path, kept)

    def file(self, format_: Format, pins: Mapping[str, Any]) -> str:
        """The same question, answered as a file."""
        path = f"{'/home' if self.path == '/' else self.path}.{format_}"
        return self.link(path, **({"cursor": None} | dict(pins)))

    @property
    def address(self) -> str:
        return addressed(self.path, self.query)


def parsed(form: type[A], pairs: Pairs) -> A:
    """What was asked, in the one form it may have; a refusal never repeats it."""
    known = {f.alias or name: f for name, f in form.model_fields.items()}
    data: dict[str, Any] = {}
    for name, value in pairs:
        if name in known and get_origin(known[name].annotation) is list:
            data.setdefault(name, []).append(value)
        else:
            data[name] = value
    try:
        return form.model_validate(data)
    except ValidationError as error:
        raise wrong(error, known) from None


def wrong(error: ValidationError, known: Mapping[str, Any]) -> WrongParameter:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if name not in known:
        return WrongParameter(None, "there is no such parameter here")
    return WrongParameter(name, first["msg"] if first["type"] in SPOKEN else "")


def addressed(path: str, pairs: Pairs) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path
