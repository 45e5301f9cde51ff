"""A SOCKS5 proxy before Kafka that fails chosen requests: `proxy_url=proxy.url` of any client.

SOCKS leaves the advertised listeners as they are, so one proxy stands before every node:
    fault = proxy.on_answer(ApiKey.END_TXN, drop)    # carried out, but the client never hears so
    proxy.on_request(ApiKey.PRODUCE, cut, nth=3)     # the connection breaks instead of the third
"""

import asyncio
import struct
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Self

from tests.faults import Action, ApiKey, Cut, Fault

PATIENCE = 30.0


class FaultProxy:
    """Passes everything on but what it was told to fail."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._faults: list[Fault] = []
        self._links: set[asyncio.Task[None]] = set()
        self._broken: list[BaseException] = []
        self._is_down = False

    @property
    def url(self) -> str:
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def on_request(self, api: ApiKey, action: Action, nth: int = 1, times: int = 1) -> Fault:
        return self._add(Fault(api, False, action, nth, times))

    def on_answer(self, api: ApiKey, action: Action, nth: int = 1, times: int = 1) -> Fault:
        return self._add(Fault(api, True, action, nth, times))

    def go_down(self) -> None:
        """Breaks every connection and takes no new one, until `heal`."""
        self._is_down = True
        self._run(self._cut_all())

    def heal(self) -> None:
        """Everything passes from now on."""
        self._is_down = False
        self._faults.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self._run(self._cut_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
        if self._broken:  # a fault of the test's own, such as a rewriting that raised
            raise self._broken[0]

    def _add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    async def _cut_all(self) -> None:
        links = list(self._links)
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        link = asyncio.current_task()
        assert link is not None
        self._links.add(link)
        try:
            with suppress(OSError, EOFError, asyncio.CancelledError):
                if not self._is_down:
                    await self._carry(reader, writer)
        except Exception as error:
            self._broken.append(error)
        finally:
            writer.close()
            self._links.discard(link)

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        host, port = await _greeted(reader, writer)
        far_reader, far_writer = await asyncio.open_connection(host, port)
        writer.write(b"\5\0\0\1" + bytes(6))
        asked: dict[int, tuple[int, int]] = {}
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._requests(reader, far_writer, asked))
                both.create_task(self._answers(far_reader, writer, asked))
        except* (Cut, OSError, EOFError):
            pass
        finally:
            far_writer.close()

    async def _requests(
        self, reader: StreamReader, writer: StreamWriter, asked: dict[int, tuple[int, int]]
    ) -> None:
        while True:
            message = await _message(reader)
            api, version, correlation = struct.unpack_from(">hhi", message)
            asked[correlation] = api, version
            await self._pass_on(writer, message, api, version, on_answer=False)

    async def _answers(
        self, reader: StreamReader, writer: StreamWriter, asked: dict[int, tuple[int, int]]
    ) -> None:
        while True:
            message = await _message(reader)
            (correlation,) = struct.unpack_from(">i", message)
            api, version = asked.pop(correlation)
            await self._pass_on(writer, message, api, version, on_answer=True)

    async def _pass_on(
        self, writer: StreamWriter, message: bytes, api: int, version: int, *, on_answer: bool
    ) -> None:
        for fault in self._faults:
            if fault.hits(api, on_answer=on_answer):
                fault.happened.release()
                changed = await fault.action(message, version)
                if changed is None:
                    return
                message = changed
        writer.write(struct.pack(">i", len(message)) + message)
        await writer.drain()


async def _message(reader: StreamReader) -> bytes:
    (size,) = struct.unpack(">i", await reader.readexactly(4))
    return await reader.readexactly(size)


async def _greeted(reader: StreamReader, writer: StreamWriter) -> tuple[str, int]:
    """The greeting of SOCKS5 (RFC 1928), without a password; where the client wants to go."""
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\5\0")
    _, _, _, kind = await reader.readexactly(4)
    if kind == 1:
        host = ".".join(str(byte) for byte in await reader.readexactly(4))
    else:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    (port,) = struct.unpack(">H", await reader.readexactly(2))
    return host, port
