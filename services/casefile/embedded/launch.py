"""Brings a cluster from whatever state it is in to a server process that is starting."""

import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from services.casefile.embedded.binaries import PgBinaries
from services.casefile.embedded.cluster import SETTINGS, ensure_cluster, write_settings
from services.casefile.embedded.errors import PasswordsMissing
from services.casefile.embedded.identity import Identity, identity_for
from services.casefile.embedded.layout import Layout, socket_folder
from services.casefile.embedded.passwords import Passwords
from services.casefile.embedded.remains import clear_remains
from services.casefile.embedded.running import SUPERUSER


@dataclass(frozen=True, slots=True)
class Launcher:
    layout: Layout
    binaries: PgBinaries
    run_as: str | None
    settings: Mapping[str, str]
    tcp: bool

    def launch(self) -> Popen[bytes]:
        """Called in our turn and only when no server of this cluster runs."""
        identity = identity_for(self.layout.root, self.run_as)
        self._make_room(identity)
        settings = {**SETTINGS, **self._address(), **self.settings}
        sync = settings["fsync"] != "off"
        ensure_cluster(self.layout, self.binaries, identity, self._password(), sync=sync)
        write_settings(self.layout, identity, settings)
        place = Path(settings["unix_socket_directories"])
        clear_remains(self.layout.cluster, place / f".s.PGSQL.{settings['port']}.lock")
        return self._spawn(identity)

    def _make_room(self, identity: Identity) -> None:
        identity.own(self.layout.root)
        identity.reach(self.layout.root)
        identity.reach(self.binaries.folder)

    def _address(self) -> dict[str, str]:
        place = {"unix_socket_directories": str(socket_folder(self.layout.root))}
        if not self.tcp:
            return place
        return {**place, "listen_addresses": "127.0.0.1", "port": str(_free_port())}

    def _password(self) -> str:
        passwords = Passwords(self.layout.passfile)
        if self.layout.cluster.exists() and passwords.of(SUPERUSER) is None:
            raise PasswordsMissing(self.layout.passfile, SUPERUSER)
        return passwords.ensure(SUPERUSER)

    def _spawn(self, identity: Identity) -> Popen[bytes]:
        argv = [str(self.binaries.path("postgres")), "-D", str(self.layout.cluster)]
        with open(self.layout.log, "ab", opener=_private) as log:
            launched = identity.spawn(argv, log)
        # Reaped as soon as it dies, so that it is never a zombie of ours.
        threading.Thread(target=launched.wait, name="postgres-reaper", daemon=True).start()
        return launched


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
