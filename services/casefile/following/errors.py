"""What a follower runs into.

CasefileError
├── Superseded         another process follows this edition now, or it is retired
├── BuildUnderWay      another process is building this edition
├── EditionsDiffer     a new edition says something else than the one it would replace
├── ReadModelUnknown   there is no read model of that name
├── NotThereYet        a read model has not reached the position asked for in time (HTTP 503)
└── KeyMissing         the keyring has lost a key that the log says it made (the case is parked)
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg

from services.casefile.domain.refusals import CasefileError
from services.casefile.log.errors import LogUnavailable
from services.casefile.log.keyring_errors import KeyringUnavailable

if TYPE_CHECKING:
    from services.casefile.following.edition import Edition
    from services.casefile.following.parity import Parity

# What passes by itself: tried again, never parked.
LOST = (psycopg.OperationalError, psycopg.InterfaceError, LogUnavailable)
TRANSIENT = (*LOST, KeyringUnavailable)


class Superseded(CasefileError):
    """Another process follows this edition now, or the edition is retired."""

    remedy = "Nothing was changed; look up which edition is active and take the lease anew."

    def __init__(self, edition: "Edition") -> None:
        super().__init__(edition=str(edition))
        self.edition = edition


class BuildUnderWay(CasefileError):
    """Another process is building this edition."""

    remedy = "Wait for it; a build that was killed is taken up again by the next one."

    def __init__(self, edition: "Edition | str") -> None:
        super().__init__(edition=str(edition))


class EditionsDiffer(CasefileError):
    """The new edition does not say the same as the active one, so it was not switched to."""

    remedy = "Look at the differences; rebuild again, accepting them, if the new edition is right."

    def __init__(self, edition: "Edition", tables: "Sequence[Parity]") -> None:
        super().__init__(edition=str(edition), tables=[table.summary for table in tables])
        self.edition, self.tables = edition, tables


class ReadModelUnknown(CasefileError):
    """There is no read model of that name."""

    remedy = "List them with `casefile rebuild --help`."

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class NotThereYet(CasefileError):
    """The read model has not reached that position yet."""

    remedy = "Ask again in a moment; `casefile project` keeps the read models up to date."

    def __init__(self, name: str, position: int, reached: int) -> None:
        super().__init__(name=name, position=position, reached=reached)
        self.name, self.position, self.reached = name, position, reached


class KeyMissing(CasefileError):
    """The keyring does not know a key that this case was sealed with."""

    remedy = "Restore the keyring, then let the case be tried again."

    def __init__(self, case_id: UUID, key: str) -> None:
        super().__init__(case_id=str(case_id), key=key)
