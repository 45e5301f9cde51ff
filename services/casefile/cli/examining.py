"""What `casefile doctor` looks at; every finding comes with what to do."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from services.casefile.cli.check import Check
from services.casefile.cli.examining_clock import clock_checks
from services.casefile.composition import (
    Parts,
    databases,
    obligation_models,
    opened,
    read_models,
    secrets_of,
)
from services.casefile.domain.refusals import CasefileError
from services.casefile.following import Whereabouts
from services.casefile.log.migrations import KEYRING, behind
from services.casefile.readmodels.pages import open_pool
from services.casefile.settings import Settings

LITTLE_ROOM = 2 << 30


def examine(settings: Settings) -> list[Check]:
    """Everything, in order; what cannot be looked at is said to be unwell, never left out."""
    checks = [_room(settings), *_secrets(settings)]
    with ExitStack() as stack:
        try:
            found = stack.enter_context(databases(settings))
            parts = stack.enter_context(opened(settings, found))
        except CasefileError as error:
            return [*checks, Check("database", False, error.title, error.remedy)]
        checks.append(_schema("log schema", behind(found.owner)))
        checks.append(_schema("keyring schema", behind(found.keyring_owner, KEYRING)))
        checks.append(_asked("log settings", parts.recorder.self_check, "safe"))
        checks.append(_asked("keyring", parts.keyring.check, "opens"))
        checks += _followers(parts, found.app)
        checks += clock_checks(parts, found.app, settings.clock_ahead_days)
    return checks


def _room(settings: Settings) -> Check:
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.state_dir).free
    is_well = free > LITTLE_ROOM
    return Check("disk", is_well, f"{free >> 20:,} MiB free", "" if is_well else "Make room.")


def _secrets(settings: Settings) -> Iterator[Check]:
    secrets = secrets_of(settings)
    for name, path in (("key encryption keys", secrets.kek), ("blind-index secret", secrets.index)):
        if not path.exists():
            yield Check(name, True, "not there yet; made at the first start")
        else:
            is_closed = path.stat().st_mode & 0o077 == 0
            remedy = "" if is_closed else "Take the rights of other users away (mode 0600)."
            yield Check(name, is_closed, "closed" if is_closed else "open to others", remedy)


def _schema(name: str, missing: list[str]) -> Check:
    if not missing:
        return Check(name, True, "up to date")
    return Check(name, False, f"{len(missing)} revisions behind", "Run `casefile migrate`.")


def _asked(name: str, ask: Callable[[], None], well: str) -> Check:
    try:
        ask()
    except CasefileError as error:
        return Check(name, False, str(error), error.remedy)
    return Check(name, True, well)


def _followers(parts: Parts, conninfo: str) -> Iterator[Check]:
    with open_pool(conninfo) as pool:
        whereabouts = Whereabouts(pool)
        known = {status.name: status for status in whereabouts.status() if status.state == "active"}
        parked = whereabouts.parked()
    head = parts.recorder.head()
    kept_by = {model.name: "project" for model in read_models(parts)}
    kept_by |= {model.name: "clock" for model in obligation_models(parts)}
    for name, process in kept_by.items():
        status = known.get(name)
        if status is None:
            remedy = f"Start `casefile {process}`; it builds what is missing."
            yield Check(f"follower {name}", False, "not built", remedy)
        else:
            yield Check(f"follower {name}", True, f"at {status.position} of {head}")
    yield Check(
        "parked cases",
        not parked,
        f"{len(parked)} parked",
        "Mend the cause, then `casefile rebuild --case ID`." if parked else "",
    )
