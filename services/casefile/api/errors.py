"""The one table from refusals to HTTP: which class is answered with which status."""

from collections.abc import Iterator

from services.casefile.api.refusals import (
    BodyTooLarge,
    Broken,
    FeedHeld,
    IfMatchRequired,
    ListUnavailable,
    MalformedHeader,
    MalformedJson,
    MethodNotAllowed,
    NotAllowed,
    NoticesUnavailable,
    NotJson,
    NotReady,
    NotSignedIn,
    WrongCursor,
    WrongParameter,
)
from services.casefile.application.decision import KeyReused, TooManyConflicts, VersionMoved
from services.casefile.domain.inspection_refusals import NotConcerned
from services.casefile.domain.refusals import Absent, CasefileError, Invalid, Refused
from services.casefile.exporting.fonts import NoChineseFont
from services.casefile.following.errors import NotThereYet
from services.casefile.log.errors import LogUnavailable
from services.casefile.log.keyring_errors import KeyringUnavailable

STATUS: dict[type[CasefileError], int] = {
    MalformedJson: 400,
    MalformedHeader: 400,
    WrongCursor: 400,
    NotSignedIn: 401,
    NotAllowed: 403,
    NotConcerned: 403,
    Absent: 404,
    MethodNotAllowed: 405,
    Refused: 409,
    TooManyConflicts: 409,
    VersionMoved: 412,
    BodyTooLarge: 413,
    NotJson: 415,
    Invalid: 422,
    KeyReused: 422,
    WrongParameter: 422,
    IfMatchRequired: 428,
    CasefileError: 500,
    Broken: 500,
    LogUnavailable: 503,
    KeyringUnavailable: 503,
    NotThereYet: 503,
    ListUnavailable: 503,
    FeedHeld: 503,
    NoChineseFont: 503,
    NoticesUnavailable: 503,
    NotReady: 503,
}
# Never raised themselves.
FAMILIES = (Absent, Invalid, Refused)
RETRY_AFTER = {
    LogUnavailable: 1,
    KeyringUnavailable: 5,
    NotThereYet: 1,
    ListUnavailable: 5,
    FeedHeld: 60,
    NoticesUnavailable: 5,
    NotReady: 5,
}


def status_of(error: CasefileError | type[CasefileError]) -> int:
    """The status of the nearest class in the table; what is not in it is our own fault."""
    cls = error if isinstance(error, type) else type(error)
    return next(STATUS[c] for c in cls.__mro__ if c in STATUS)


def retry_after(error: CasefileError) -> int | None:
    return next((RETRY_AFTER[c] for c in type(error).__mro__ if c in RETRY_AFTER), None)


def published(error: CasefileError) -> CasefileError:
    """The refusal as callers may see it; what is ours to put right is told to the log only."""
    if isinstance(error, KeyringUnavailable):
        return KeyringUnavailable()
    return error if status_of(error) != 500 else Broken()


def problem_types() -> dict[str, type[CasefileError]]:
    """Every refusal a caller may meet, by its code."""
    known = {cls for cls in _below(CasefileError) if is_published(cls)}
    return {code_of(cls): cls for cls in sorted(known, key=lambda cls: cls.__name__)}


def is_published(cls: type[CasefileError]) -> bool:
    if cls in FAMILIES or (issubclass(cls, KeyringUnavailable) and cls is not KeyringUnavailable):
        return False
    return status_of(cls) != 500 or cls is Broken


def code_of(cls: type[CasefileError]) -> str:
    name = cls.__name__
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


def _below(cls: type[CasefileError]) -> Iterator[type[CasefileError]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _below(sub)
