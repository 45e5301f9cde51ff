"""One API process: uvicorn with uvloop and httptools, its log lines ours."""

import sys
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

GRACE = 5
NOT_STARTED = 3


def serve(
    app: FastAPI, *, host: str = "127.0.0.1", port: int = 8000, uds: str | None = None
) -> None:
    """Serve until told to stop; requests under way get a few seconds to end."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        uds=uds,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
        backlog=2048,
    )
    server = uvicorn.Server(config)
    app.state.is_leaving = lambda: server.should_exit
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(NOT_STARTED)
