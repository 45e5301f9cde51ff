"""Where rows are handed in: the application's commands, and what must be known to call them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from services.casefile.application.batching import Item, Result
from services.casefile.application.casefile import Casefile
from services.casefile.application.clock import Clock
from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt
from services.casefile.application.directory import StaffDirectory
from services.casefile.application.opening import Identities
from services.casefile.application.recording import Judge
from services.casefile.application.sealing_keys import SealingKeys
from services.casefile.application.streams import Streams
from services.casefile.domain.catalogue import Catalogue
from services.casefile.log.blind_index import BlindIndex
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder


class Office(Protocol):
    """The parts an import is made with; the composition hands them in."""

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def recorder(self) -> CasefileRecorder: ...
    @property
    def mapper(self) -> CasefileMapper: ...
    @property
    def index(self) -> BlindIndex: ...
    @property
    def streams(self) -> Streams: ...
    @property
    def keys(self) -> SealingKeys: ...
    @property
    def identities(self) -> Identities: ...
    @property
    def casefile(self) -> Casefile: ...
    @property
    def directory(self) -> StaffDirectory: ...
    @property
    def judge(self) -> Judge: ...
    @property
    def clock(self) -> Clock: ...


class Commands(Protocol):
    """The commands an import calls."""

    def open_case(
        self, body: Mapping[str, Any], context: Context, case_id: UUID | None = None
    ) -> Receipt: ...
    def record_batch(self, items: Sequence[Item], context: Context) -> list[Result]: ...
    def record_unit(
        self, unit: str, slug: str, body: Mapping[str, Any], context: Context
    ) -> Receipt: ...
    def record_staff(
        self, staff: str, slug: str, body: Mapping[str, Any], context: Context
    ) -> Receipt: ...


class Names(Protocol):
    """Where the names of staff go."""

    def name_of(self, staff: str) -> str | None: ...
    def set_name(self, staff: str, name: str) -> None: ...


@dataclass(frozen=True)
class Desk:
    """Commands to call, and the state they will find; real or rehearsed."""

    commands: Commands
    catalogue: Catalogue
    identities: Identities
    streams: Streams
    keys: SealingKeys
    index: BlindIndex
    names: Names


def desk_of(office: Office) -> Desk:
    return Desk(
        commands=office.casefile,
        catalogue=office.catalogue,
        identities=office.identities,
        streams=office.streams,
        keys=office.keys,
        index=office.index,
        names=office.directory,
    )
