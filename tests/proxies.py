"""A TCP proxy before a server on a unix socket, which can lose a reply or a whole connection."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

CHUNK = 1 << 16


@dataclass(slots=True)
class Link:
    caller: socket.socket
    server: socket.socket
    is_the_one: bool = False

    def shut(self) -> None:
        _shut(self.caller)
        _shut(self.server)


class LosingProxy:
    """Passes everything on; told to, it fails one connection, known by its application name."""

    def __init__(self, conninfo: str, application_name: str) -> None:
        self._given = conninfo_to_dict(conninfo)
        self._mark = application_name.encode() + b"\0"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._links: list[Link] = []
        self._lose_reply = threading.Event()
        self._lose_caller = threading.Event()
        self.lost = threading.Semaphore(0)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def conninfo(self) -> str:
        port = self._listener.getsockname()[1]
        return make_conninfo(**{**self._given, "host": "127.0.0.1", "port": str(port)})

    def lose_next_reply(self) -> None:
        """The server carries the next request out; its reply never arrives."""
        self._lose_reply.set()

    def lose_caller_of_next_request(self) -> None:
        """The caller is cut off as soon as its request is sent; the server works on."""
        self._lose_caller.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _shut(self._listener)
        for link in self._links:
            link.shut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(Path(str(self._given["host"])) / self._socket_name))
                link = Link(caller, server)
                self._links.append(link)
                for carry in (self._requests, self._replies):
                    threading.Thread(target=carry, args=(link,), daemon=True).start()

    @property
    def _socket_name(self) -> str:
        return f".s.PGSQL.{self._given.get('port') or 5432}"

    def _requests(self, link: Link) -> None:
        with suppress(OSError):
            while request := link.caller.recv(CHUNK):
                link.is_the_one = link.is_the_one or self._mark in request
                link.server.sendall(request)
                self._cut_if(self._lose_caller, link)
            _shut(link.server)

    def _replies(self, link: Link) -> None:
        with suppress(OSError):
            while reply := link.server.recv(CHUNK):
                self._cut_if(self._lose_reply, link)
                link.caller.sendall(reply)
            _shut(link.caller)

    def _cut_if(self, wanted: threading.Event, link: Link) -> None:
        """The server's side stays open: a backend that is cut off could stop half-way."""
        if link.is_the_one and wanted.is_set():
            wanted.clear()
            _shut(link.caller)
            self.lost.release()
            raise ConnectionAbortedError


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
