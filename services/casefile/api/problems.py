"""Refusals as RFC 9457 problem details, in the caller's language."""

from typing import Any

import msgspec

from services.casefile.api.errors import code_of, published, retry_after, status_of
from services.casefile.api.exchange import Exchange
from services.casefile.api.policy_faults import unusable
from services.casefile.api.reasons import missing_field, reason, told
from services.casefile.api.tags import tag
from services.casefile.application.decision import VersionMoved
from services.casefile.domain.refusals import CasefileError, CaseNotFound
from services.casefile.history.rows import heading

MEDIA_TYPE = b"application/problem+json"
TYPES = "/v1/problems/"
Pairs = list[tuple[bytes, bytes]]


class Answer(msgspec.Struct, frozen=True):
    """A response, ready to be sent."""

    status: int
    body: bytes
    headers: Pairs


def problem(error: CasefileError, exchange: Exchange) -> dict[str, Any]:
    """The members of the problem; those that say nothing are left out."""
    labels, shown = exchange.labels, published(error)
    code = code_of(type(shown))
    members = {
        "type": TYPES + code,
        "title": labels.text(shown.title),
        "status": status_of(shown),
        "detail": reason(shown, labels),
        "code": code,
        "field": field_of(shown),
        "remedy": labels.text(shown.remedy) if shown.remedy else None,
    }
    return (
        {k: v for k, v in members.items() if v is not None}
        | told(shown)
        | moved(shown)
        | unusable(shown, labels)
    )


def answer_problem(error: CasefileError, exchange: Exchange) -> Answer:
    error = seen(error)
    body = problem(error, exchange) | {"request_id": exchange.request_id}
    headers: Pairs = [
        (b"content-type", MEDIA_TYPE),
        (b"content-language", exchange.locale.encode()),
    ]
    if (seconds := retry_after(error)) is not None:
        headers.append((b"retry-after", str(seconds).encode()))
    if body["status"] == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if isinstance(error, VersionMoved):
        headers.append((b"etag", body["current_etag"].encode()))
    return Answer(body["status"], msgspec.json.encode(body), headers)


def seen(error: CasefileError) -> CasefileError:
    """A file that does not exist has no version to have moved on from."""
    return CaseNotFound() if isinstance(error, VersionMoved) and not error.current else error


def field_of(error: CasefileError) -> str | None:
    field: str | None = getattr(error, "field", None)
    missing = missing_field(str(error.data.get("problem", "")))
    if missing is None:
        return field
    return missing if field in (None, "body") else f"{field}.{missing}"


def moved(error: CasefileError) -> dict[str, Any]:
    """What happened since the version the caller saw; ids and times, nothing personal."""
    if not isinstance(error, VersionMoved):
        return {}
    since = [
        {name: row[name] for name in ("version", "kind", "record_id", "position", "recorded_at")}
        for row in map(heading, error.since[:100])
    ]
    of = error.since[-1].kind.stream if error.since else "case"
    return {"current_etag": tag(error.stream_id, error.current, of), "since": since}
