"""A TCP proxy before a server on a unix socket, which can lose a reply or a whole connection."""

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

CHUNK = 1 << 16


class LosingProxy:
    """Passes everything on until told to lose the next reply: the server has then committed."""

    def __init__(self, conninfo: str) -> None:
        self._given = conninfo_to_dict(conninfo)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._lose_reply = threading.Event()
        self._lose_request = threading.Event()
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
        self._lose_request.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for each in self._open:
            _shut(each)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(Path(str(self._given["host"])) / self._socket_name))
                self._open += [caller, server]
                for target in (self._requests, self._replies):
                    threading.Thread(target=target, args=(caller, server), daemon=True).start()

    @property
    def _socket_name(self) -> str:
        return f".s.PGSQL.{self._given.get('port') or 5432}"

    def _requests(self, caller: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while request := caller.recv(CHUNK):
                server.sendall(request)
                if self._lose_request.is_set():
                    self._lose_request.clear()
                    self._cut(caller)
                    return
            _shut(server)

    def _replies(self, caller: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while reply := server.recv(CHUNK):
                if self._lose_reply.is_set():
                    self._lose_reply.clear()
                    self._cut(caller)
                caller.sendall(reply)
            _shut(caller)

    def _cut(self, caller: socket.socket) -> None:
        _shut(caller)
        self.lost.release()


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
