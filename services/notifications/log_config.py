"""Log lines of every process: allow-listed keys, no values in tracebacks."""

import logging
import sys
import traceback
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# What is not named here never reaches a log.
KEYS = frozenset(
    (
        "timestamp", "level", "logger", "event", "error", "frames", "case_id", "stream_id",
        "version", "position", "type", "source", "partition", "offset", "count", "seconds",
        "state", "reason", "class_", "attempts", "process", "pid", "signal", "code", "port",
        "channel", "template", "locale", "step", "outcome", "notice_id", "staff", "route",
        "status", "ms", "method", "revision", "topic", "lag", "name", "kind",
    )
)  # fmt: skip
META = ("_record", "_from_structlog")
# Libraries whose sentences hold no data; of others only the level and the name are kept.
SPEAKERS = ("uvicorn", "alembic", "services")


def configure_logging(form: str = "json", out: TextIO | None = None) -> None:
    """Route structlog and the standard library's logging to one stream, in one form."""
    stream = out or sys.stderr
    structlog.configure(
        processors=[*_shared(), _renderer(form)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(form))
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # It says at every turn what a consumer does; what matters we say ourselves.
    logging.getLogger("kafka").setLevel(logging.ERROR)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)


def _shared() -> list[Processor]:
    stamped = structlog.processors.TimeStamper(fmt="iso", utc=True)
    return [structlog.processors.add_log_level, stamped, without_values, allow_listed]


def _renderer(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(colors=False)


def _formatter(form: str) -> logging.Formatter:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, only_speakers, *_shared()],
        processors=[drop, _renderer(form)],
    )


def without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An exception as its type and its frames; its message may quote what somebody sent."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if info is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event.update(fault(error))
    return event


def fault(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    return {
        "error": type(error).__qualname__,
        "frames": [f"{Path(f.filename).name}:{f.lineno}" for f in frames],
    }


def allow_listed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {k: v for k, v in event.items() if (k in KEYS and v is not None) or k in META}


def only_speakers(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if not str(event.get("logger", "")).startswith(SPEAKERS):
        event["event"] = "library_message"
    return event
