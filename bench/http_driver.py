"""The load: so many connections, each sending its next request when the last was answered.

python -m bench.http_driver SPEC, in a process of its own; prints latencies as JSON.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import uvloop


@dataclass
class Load:
    """What one run sends."""

    port: int
    token: str
    seconds: float
    connections: int
    requests: list[tuple[str, str]]
    warm_up: float = 0.5
    latencies: list[float] = field(default_factory=list)
    failed: int = 0


class Connection(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, load: Load, number: int, until: float, begin: float) -> None:
        self._load, self._until, self._begin = load, until, begin
        mine = load.requests[number :: load.connections]
        self._requests = cycle([encoded(load, *each) for each in mine])
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = bytearray()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._next()

    def _next(self) -> None:
        self._sent = time.perf_counter()
        if self._sent > self._until:
            self._transport.close()
            return
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._buffer[:end]).lower()
        at = head.index(b"content-length: ") + 16
        length = int(head[at:].split(b"\r\n", 1)[0])
        if len(self._buffer) >= end + 4 + length:
            self._note(head)
            self._buffer.clear()
            self._next()

    def _note(self, head: bytes) -> None:
        if head[9:12] not in (b"200", b"201"):
            self._load.failed += 1
        elif self._sent >= self._begin:
            self._load.latencies.append((time.perf_counter() - self._sent) * 1000)

    def connection_lost(self, _: Any) -> None:
        self.done.set_result(None)


def encoded(load: Load, path: str, body: str) -> bytes:
    content = body.encode()
    return (
        f"POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {load.token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    ).encode() + content


async def run(load: Load) -> None:
    loop = asyncio.get_running_loop()
    begin = time.perf_counter() + load.warm_up
    until = begin + load.seconds
    made = [
        await loop.create_connection(
            lambda n=n: Connection(load, n, until, begin), "127.0.0.1", load.port
        )
        for n in range(load.connections)
    ]
    await asyncio.wait_for(
        asyncio.gather(*(protocol.done for _, protocol in made)), load.seconds + 60
    )


def main() -> None:
    load = Load(**json.loads(sys.stdin.read()))
    uvloop.run(run(load))
    print(json.dumps({"latencies": load.latencies, "failed": load.failed}))


if __name__ == "__main__":
    main()
