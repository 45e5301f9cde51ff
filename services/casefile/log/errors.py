"""What the log refuses or cannot do.

CasefileError
├── VersionConflict     someone else wrote that version of the stream first (HTTP 412 or re-decide)
├── AlreadyAnswered     the command was carried out before; its first answer is attached
├── AlreadyReserved     another case holds what this one wanted (HTTP 409)
├── CommitRejected      the database will never take this commit
├── LogUnavailable      it is not known yet whether the commit was stored (HTTP 503)
│   └── LogBusy         too many commands are waiting; nothing was stored (HTTP 503)
└── UnsafeLog           the database would lose or reorder events
    └── DbFunctionsEnabled
"""

from uuid import UUID

from services.casefile.domain.refusals import CasefileError
from services.casefile.log.commit import Answered


class VersionConflict(CasefileError):
    """Another command wrote to this stream first."""

    remedy = "Read the stream again and decide again."

    def __init__(self, stream_id: UUID, version: int) -> None:
        super().__init__(stream_id=str(stream_id), version=version)
        self.stream_id, self.version = stream_id, version


class AlreadyAnswered(CasefileError):
    """This command was carried out before."""

    remedy = "Give the first answer again, or refuse the key if the body differs."

    def __init__(self, answered: Answered) -> None:
        super().__init__(positions=answered.positions)
        self.answered = answered


class AlreadyReserved(CasefileError):
    """Another case already holds this."""

    remedy = "Record on the case that holds it."

    def __init__(self, kind: str, case_id: UUID) -> None:
        super().__init__(kind=kind, case_id=str(case_id))
        self.kind, self.case_id = kind, case_id


class CommitRejected(CasefileError):
    """The database can never store this commit."""

    remedy = "This is a fault in the program that built it; nothing was stored."

    def __init__(self, cause: Exception) -> None:
        # The database's own message may quote the row: only its name and state go on.
        self.sqlstate = getattr(cause, "sqlstate", None)
        super().__init__(cause=type(cause).__name__, sqlstate=self.sqlstate)


class LogUnavailable(CasefileError):
    """The log does not answer, so it is not known whether the command was stored."""

    remedy = "Send the same command again with the same key; it is stored at most once."


class LogBusy(LogUnavailable):
    """Too many commands are waiting for the log; this one was not stored."""

    remedy = "Try again in a moment."


class UnsafeLog(CasefileError):
    """This database would lose or reorder events."""

    remedy = "Put right what is listed, then start again."

    def __init__(self, *faults: str) -> None:
        super().__init__(faults=faults)
        self.faults = faults

    def __str__(self) -> str:
        return f"{self.title} {'; '.join(self.faults)}. {self.remedy}"


class DbFunctionsEnabled(UnsafeLog):
    """The library's database functions write without the lock, so followers miss events."""

    remedy = "Unset POSTGRES_ENABLE_DB_FUNCTIONS."
