"""Whether the schema is this release's, and the followers keep up."""

from collections.abc import Callable, Collection

from services.casefile.domain.refusals import CasefileError
from services.casefile.embedded import Provisioned
from services.casefile.following import Whereabouts
from services.casefile.log.migrations import KEYRING, LOG, behind

MOST_BEHIND = 50_000


class SchemaBehind(CasefileError):
    """The database lacks migrations of this release."""

    remedy = "Run `casefile migrate`."


class FollowersBehind(CasefileError):
    """The read models are not built yet, or far behind the log."""

    remedy = "See that `casefile project` runs; `casefile doctor` says how far it is."


def schema_check(addresses: Provisioned) -> Callable[[], None]:
    """Asked of the databases once; a running release does not change its mind."""
    missing = behind(addresses.app, LOG) + behind(addresses.keyring_app, KEYRING)

    def check() -> None:
        if missing:
            raise SchemaBehind(missing=len(missing))

    return check


def follower_check(whereabouts: Whereabouts, names: Collection[str]) -> Callable[[], None]:
    """All of these read models are built, and none is far behind."""

    def check() -> None:
        active = [status for status in whereabouts.status() if status.state == "active"]
        missing = set(names) - {status.name for status in active}
        if missing or any(status.behind > MOST_BEHIND for status in active):
            raise FollowersBehind(missing=sorted(missing))

    return check
