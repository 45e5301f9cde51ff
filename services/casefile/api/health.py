"""Probes: is the process alive, and can it serve. Each check either returns or says why not."""

from collections.abc import Callable, Mapping
from functools import partial

import structlog
from fastapi import APIRouter, Depends, Response

from services.casefile.api.answering import answered
from services.casefile.api.documents import documented
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.refusals import NotReady
from services.casefile.api.shapes import Alive, Ready
from services.casefile.domain.refusals import CasefileError

Checks = Mapping[str, Callable[[], object]]
log = structlog.get_logger()


class Health:
    def __init__(self, checks: Checks) -> None:
        self._checks = checks

    def livez(self) -> Response:
        """Say that the process runs."""
        return answered({"status": "alive"})

    def readyz(self) -> Response:
        """Say whether requests can be served: databases, migrations, keyring, followers."""
        checks = {name: outcome(name, check) for name, check in self._checks.items()}
        if any(found != "ok" for found in checks.values()):
            raise NotReady(checks=checks)
        return answered({"status": "ready", "checks": checks})

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["health"], redirect_slashes=False)
        add = partial(documented, router, admission=Admission(gate, "probe"))
        add("/livez", self.livez, shape=Alive)
        add("/readyz", self.readyz, shape=Ready, errors=(503,))
        for path, probe in (("/livez", self.livez), ("/readyz", self.readyz)):
            router.add_api_route(
                path,
                probe,
                methods=["HEAD"],
                dependencies=[Depends(Admission(gate, "probe"))],
                include_in_schema=False,
            )
        return router


def outcome(name: str, check: Callable[[], object]) -> str:
    """`ok`, or the name of what is wrong; details go to the log."""
    try:
        check()
    except CasefileError as error:
        return error.code
    except Exception as error:  # noqa: BLE001
        log.warning("check_failed", check=name, error=type(error).__name__)
        return "failed"
    return "ok"
