"""One request while it is answered: its id, its language, who asks, and what the log will say."""

import random
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.casefile.application.context import Actor
from services.casefile.labels import Labels, Locale, labels

KEY = "casefile.exchange"
# Only forms that cannot carry a name or a number of somebody are taken over from a caller.
REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
Headers = dict[bytes, bytes]


@dataclass(slots=True)
class Exchange:
    headers: Headers
    request_id: str
    locale: Locale
    actor: Actor | None = None
    route: str | None = None

    @property
    def labels(self) -> Labels:
        return labels(self.locale)

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1").strip()


def exchange_of(scope: Any) -> Exchange:
    """The exchange of a request; made when the request comes in."""
    found = scope.get(KEY)
    if found is None:
        headers: Headers = dict(scope["headers"])
        found = scope[KEY] = Exchange(headers, request_id(headers), locale(headers))
    assert isinstance(found, Exchange)
    return found


def request_id(headers: Headers) -> str:
    sent = headers.get(b"x-request-id", b"").decode("latin-1").lower()
    if sent and REQUEST_ID.fullmatch(sent):
        return sent
    # Not a secret, and asking the system for randomness would give the interpreter away.
    return str(UUID(int=random.getrandbits(128), version=4))


def locale(headers: Headers) -> Locale:
    """Chinese, unless English is preferred to it."""
    accepted = headers.get(b"accept-language")
    if accepted is None:
        return "zh"
    weights = dict(map(_weighted, accepted.decode("latin-1").lower().split(",")))
    return "en" if weights.get("en", 0.0) > weights.get("zh", 0.0) else "zh"


def _weighted(part: str) -> tuple[str, float]:
    tag, _, parameter = part.strip().partition(";")
    weight = parameter.strip().removeprefix("q=")
    return tag.strip().partition("-")[0], float(weight) if _is_weight(weight) else 1.0


def _is_weight(text: str) -> bool:
    return re.fullmatch(r"[01](\.\d{0,3})?", text) is not None
