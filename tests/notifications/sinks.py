"""Receivers on this machine that answer as told: well, badly, late, or not at all."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme


@dataclass
class Answer:
    """`hangs`: nothing comes; `drips`: something comes, again and again, and never all of it."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    drips: bool = False
    breaks: bool = False


def code(**body: Any) -> Answer:
    return Answer(body=json.dumps(body).encode())


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Sink:
    """What was received, and what is answered: the answers in turn, the last one for good."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers) or [Answer()]
        self.received: list[Request] = []
        self.closing = threading.Event()
        self.url = ""
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        with self._lock:
            self.received.append(request)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def sink(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Sink]:
    receiver = Sink(*answers)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scheme = "http" if tls is None else "https"
    receiver.url = f"{scheme}://localhost:{server.server_address[1]}/send?key=k"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(receiver: Sink) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = receiver.answer(Request(self.path, headers, self.rfile.read(length)))
            if answer.hangs:
                receiver.closing.wait()
            elif not answer.breaks:
                self._say(answer)
            self.close_connection = True

        def _say(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.drips:
                self.send_header("content-length", "1000000")
            else:
                self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            while answer.drips and not receiver.closing.wait(0.02):
                self.wfile.write(b" ")
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler


def certificate() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server with a certificate, and a client that trusts who signed it."""
    authority = trustme.CA()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(serving)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    return serving, trusting
