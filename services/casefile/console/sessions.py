"""Who is signed in, in a browser: a signed cookie that holds no more than a token's digest."""

import hmac
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_urlsafe
from typing import Any, NamedTuple, Protocol, Self

import msgspec
from itsdangerous import BadSignature, URLSafeTimedSerializer

from services.casefile.api.tokens import digest_of
from services.casefile.application.context import Actor
from services.casefile.log.secret_file import create_secret, read_secret

COOKIE = "casefile_session"
HOURS = 12
SECONDS = HOURS * 3600


class Holders(Protocol):
    """Whom a token stands for, by its digest."""

    def holder(self, mine: str) -> Actor | None: ...


class Session(NamedTuple):
    """One sign-in: who it is, and what its forms have to carry."""

    actor: Actor
    form_token: str


class Carried(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What the cookie says."""

    digest: str
    nonce: str


class Sessions:
    """Signs cookies and reads them. A token that was taken back ends its sessions at once."""

    def __init__(self, secret: bytes, holders: Holders) -> None:
        self._holders = holders
        self._secret = secret
        self._signer: URLSafeTimedSerializer = URLSafeTimedSerializer(
            secret, salt="casefile-console/v1", signer_kwargs={"digest_method": sha256}
        )

    @classmethod
    def from_file(cls, path: Path, holders: Holders) -> Self:
        """The secret lies beside the others; it is made when there is none."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        create_secret(path, token_bytes(32))
        return cls(read_secret(path), holders)

    def begin(self, token: str) -> str | None:
        """The cookie of a new session, or None where nobody holds this token."""
        digest = digest_of(token.strip())
        if self._holders.holder(digest) is None:
            return None
        return self._signer.dumps([digest, token_urlsafe(12)])

    def read(self, cookie: str | None) -> Session | None:
        carried = self._carried(cookie)
        if carried is None or (actor := self._holders.holder(carried.digest)) is None:
            return None
        return Session(actor, self._form_token(carried.nonce))

    def _carried(self, cookie: str | None) -> Carried | None:
        if not cookie:
            return None
        try:
            found: Any = self._signer.loads(cookie, max_age=SECONDS)
            return msgspec.convert(found, Carried)
        except (BadSignature, msgspec.ValidationError):
            return None

    def _form_token(self, nonce: str) -> str:
        return hmac.new(self._secret, b"casefile-form/v1|" + nonce.encode(), sha256).hexdigest()


def is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
