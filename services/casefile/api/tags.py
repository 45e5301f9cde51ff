"""Strong ETags: `"case:<id>:<version>"`, the version of the stream that an answer shows."""

import re
from uuid import UUID

from services.casefile.api.refusals import MalformedHeader

TAG = re.compile(r'"[a-z]+:([0-9A-Za-z._-]{1,40}):(\d{1,18})"')
NEVER = 0


def tag(stream: UUID | str, version: int, of: str = "case") -> str:
    return f'"{of}:{stream}:{version}"'


def expected(if_match: str, stream: UUID | str) -> int | None:
    """The version an If-Match names. None means whatever is current; another's tag fits nothing."""
    if if_match in ("", "*"):
        return None
    match = TAG.fullmatch(if_match)
    if match is None:
        raise MalformedHeader("If-Match")
    return int(match.group(2)) if match.group(1).lower() == str(stream).lower() else NEVER


def is_known(if_none_match: str, current: str) -> bool:
    """Whether the caller holds the current version already; here weak tags count as well."""
    sent = (part.strip().removeprefix("W/") for part in if_none_match.split(","))
    return any(part in ("*", current) for part in sent)
