"""Log lines of every process: one JSON object each, allow-listed keys, no values in tracebacks."""

import logging
import sys
from typing import Any, BinaryIO, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from services.casefile.api.faults import fault

# What is not named here never reaches a log: somebody's name may hide under any other key.
KEYS = frozenset(
    (
        "timestamp", "level", "logger", "event", "error", "frames", "request_id", "method", "route",
        "status", "ms", "actor", "role", "check", "case_id", "record_id", "kind", "version",
        "position", "head", "lag", "count", "seconds", "rate", "name", "state", "reason", "epoch",
        "attempts", "follower", "model", "edition", "process", "pid", "signal", "code", "port",
        "exit_code", "revision", "batch", "parked", "topic",
    )
)  # fmt: skip
META = ("_record", "_from_structlog")
# Libraries whose sentences hold no data; of others only the level and the name are kept.
SPEAKERS = ("uvicorn", "alembic", "services")


def configure_logging(form: str = "json", out: TextIO | None = None) -> None:
    """Route structlog and the standard library's logging to one stream, in one form."""
    stream = out or sys.stderr
    shared = processors()
    structlog.configure(
        processors=[*shared, renderer(form)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=factory(form, stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(form))
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def processors() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_values,
        allow_listed,
    ]


def renderer(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(serializer=serialized)
    return structlog.dev.ConsoleRenderer(colors=False)


def formatter(form: str) -> logging.Formatter:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    last: list[Processor] = [drop, renderer(form)]
    if form == "json":
        last.append(as_text)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, only_speakers, *processors()],
        processors=last,
    )


def factory(form: str, stream: TextIO) -> Any:
    if form == "console" or not hasattr(stream, "buffer"):
        return Lines(stream)
    binary: BinaryIO = stream.buffer
    return structlog.BytesLoggerFactory(binary)


class Lines:
    """Makes loggers that print text, whatever the renderer gave them."""

    def __init__(self, stream: TextIO) -> None:
        self._print = structlog.PrintLogger(stream).msg

    def __call__(self, *_: Any) -> "Lines":
        return self

    def msg(self, line: str | bytes) -> None:
        self._print(line.decode() if isinstance(line, bytes) else line)

    debug = info = warning = error = critical = exception = msg


def serialized(event: EventDict, **_: Any) -> bytes:
    return msgspec.json.encode(event, enc_hook=str)


def as_text(_: WrappedLogger, __: str, line: Any) -> str:
    return line.decode() if isinstance(line, bytes) else str(line)


def without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An exception as its type and its frames; its message may quote what somebody sent."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if info is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event.update(fault(error))
    return event


def allow_listed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {k: v for k, v in event.items() if (k in KEYS and v is not None) or k in META}


def only_speakers(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if not str(event.get("logger", "")).startswith(SPEAKERS):
        event["event"] = "library_message"
    return event
