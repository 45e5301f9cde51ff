"""A feed as the Casefile API serves it, of messages a test gives; and its bad days."""

import threading
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from services.notifications.messages import Incoming
from tests.notifications.given import page

TOKEN = "feed-token"


@dataclass
class Feed:
    """`answer` replaces the next page, whatever it is asked for."""

    messages: list[Incoming] = field(default_factory=list)
    answer: tuple[int, bytes] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    says_position: bool = True
    address: str = ""

    def read(self, asked: dict[str, str]) -> tuple[bytes, int]:
        after, limit = int(asked["after"]), int(asked["limit"])
        start = bisect_right([m.position for m in self.messages], after)
        found = self.messages[start : start + limit]
        return page(found), found[-1].position if found else after


@contextmanager
def serving(feed: Feed) -> Iterator[Feed]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
            feed.asked.append(asked)
            status, position = 200, None
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                status, body = 401, b"{}"
            elif feed.answer is not None:
                status, body = feed.answer
            else:
                body, position = feed.read(asked)
            self.send_response(status)
            if position is not None and feed.says_position:
                self.send_header("casefile-position", str(position))
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    feed.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield feed
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
