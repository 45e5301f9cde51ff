"""Creates the cluster once, and writes the settings it runs with before every start."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from services.casefile.embedded.binaries import PgBinaries
from services.casefile.embedded.errors import ClusterNotCreated, ClusterOfAnotherVersion
from services.casefile.embedded.identity import Identity
from services.casefile.embedded.layout import Layout
from services.casefile.embedded.passwords import sync_folder, write_private
from services.casefile.embedded.running import SUPERUSER

SETTINGS_FILE = "casefile.conf"

# The statement, its parameters and the values inside error messages may be personal data:
# `log_min_messages = log` keeps whole ERROR lines out, the rest guards what remains.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_timezone": "UTC",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
}


def ensure_cluster(
    layout: Layout, binaries: PgBinaries, identity: Identity, password: str, *, sync: bool
) -> None:
    if not layout.cluster.exists():
        _create(layout, binaries, identity, password, sync=sync)
        return
    found = int((layout.cluster / "PG_VERSION").read_text().split(".")[0])
    if found != binaries.major():
        raise ClusterOfAnotherVersion(layout.root, found, binaries.major())


def write_settings(layout: Layout, identity: Identity, settings: Mapping[str, str]) -> None:
    lines = [f"{name} = {_quoted(value)}\n" for name, value in settings.items()]
    _give(identity, layout.cluster / SETTINGS_FILE, "".join(lines))


def _create(
    layout: Layout, binaries: PgBinaries, identity: Identity, password: str, *, sync: bool
) -> None:
    # Made under another name and renamed, so that a killed initdb leaves no half cluster.
    shutil.rmtree(layout.unfinished, ignore_errors=True)
    secret = layout.root / "initdb.password"
    _give(identity, secret, password)
    try:
        _initdb(layout, binaries, identity, secret, sync=sync)
    finally:
        secret.unlink()
    with (layout.unfinished / "postgresql.conf").open("a") as conf:
        conf.write(f"\ninclude_if_exists = '{SETTINGS_FILE}'\n")
    layout.unfinished.rename(layout.cluster)
    sync_folder(layout.root)


def _initdb(
    layout: Layout, binaries: PgBinaries, identity: Identity, secret: Path, *, sync: bool
) -> None:
    argv = [
        str(binaries.path("initdb")),
        f"--pgdata={layout.unfinished}",
        f"--username={SUPERUSER}",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--data-checksums",
    ]
    told = identity.run(argv if sync else [*argv, "--no-sync"])
    if told.returncode != 0:
        shutil.rmtree(layout.unfinished, ignore_errors=True)
        raise ClusterNotCreated(layout.root, told.stderr.strip().replace("\n", "; "))


def _give(identity: Identity, path: Path, text: str) -> None:
    write_private(path, text)
    identity.own(path)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
