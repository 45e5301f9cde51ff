"""Servers to measure on: durable, as fast as this disk flushes or one millisecond slower."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.casefile.embedded import (
    EmbeddedPostgres,
    PgBinaries,
    Provisioned,
    RunningPostgres,
    provision,
)
from services.casefile.log.migrations import migrate, migrate_keyring

OUT = Path(__file__).parent / "out"
SETTINGS = {"max_connections": "200", "shared_buffers": "512MB", "max_wal_size": "4GB"}


@contextmanager
def measured_server(
    folder: Path, binaries: PgBinaries, *, slow_flush: bool
) -> Iterator[tuple[RunningPostgres, Provisioned]]:
    embedded = EmbeddedPostgres(folder, binaries, settings=SETTINGS)
    with preloaded(slow_shim() if slow_flush else None):
        running = embedded.start()
    try:
        owned = provision(running)
        migrate(owned.owner)
        migrate_keyring(owned.keyring_owner)
        yield running, owned
    finally:
        embedded.stop("immediate")


@contextmanager
def preloaded(library: Path | None) -> Iterator[None]:
    if library:
        os.environ["LD_PRELOAD"] = str(library)
    try:
        yield
    finally:
        os.environ.pop("LD_PRELOAD", None)


def slow_shim() -> Path:
    OUT.mkdir(exist_ok=True)
    library, source = OUT / "slowsync.so", Path(__file__).parent / "slowsync.c"
    subprocess.run(
        ["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True
    )
    return library
