"""Mail by SMTP."""

import asyncio
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Literal

import aiosmtplib
import msgspec

from services.notifications.channels.channel import ChannelRefused, Handling, Rendered, Sent

SECONDS = 10.0
DOMAIN = "notifications.invalid"
SHUTTING_DOWN = 421
TOO_MUCH = frozenset((450, 451, 452))


class Server(msgspec.Struct, frozen=True):
    """Where mail is handed in, and as whom."""

    host: str
    sender: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None


class Mail:
    """One recipient a message; the idempotency key is the message's id."""

    name = "smtp"
    in_group = False

    def __init__(self, server: Server, seconds: float = SECONDS) -> None:
        self._server = server
        self._seconds = seconds

    async def send(self, address: str, rendered: Rendered, idempotency_key: str) -> Sent:
        message = compose(self._server.sender, address, rendered, idempotency_key)
        try:
            async with asyncio.timeout(self._seconds):
                await self._handed_in(message)
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            raise ChannelRefused("timeout", "retry", "no answer in time") from None
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise answered(refused.recipients[0].code) from None
        except aiosmtplib.SMTPResponseException as refused:
            raise answered(refused.code) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _unreachable(error) from None
        return Sent("250")

    async def _handed_in(self, message: EmailMessage) -> None:
        server = self._server
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=server.tls,
            timeout=self._seconds,
        )


def compose(sender: str, address: str, rendered: Rendered, key: str) -> EmailMessage:
    message = EmailMessage()
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=address)
    except (ValueError, IndexError, MessageError):
        raise ChannelRefused("address", "never", "not a mail address") from None
    message["Subject"] = " ".join(rendered.title.split())
    message["Message-ID"] = f"<{key}@{DOMAIN}>"
    message["Auto-Submitted"] = "auto-generated"
    link = f"\n\n{rendered.link}" if rendered.link else ""
    message.set_content(f"{rendered.body}{link}\n")
    return message


def answered(code: int) -> ChannelRefused:
    """4xx is for now, 5xx for good; 421 and 45x are also how servers say that it is too much."""
    handling: Handling = "retry" if 400 <= code < 500 else "never"
    if code == SHUTTING_DOWN or code in TOO_MUCH:
        handling = "slow_down"
    return ChannelRefused(f"smtp_{code}", handling, "the mail server does not take it")


def _unreachable(error: Exception) -> ChannelRefused:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ChannelRefused("certificate", "never", "its certificate is not trusted")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, aiosmtplib.SMTPConnectError | OSError):
        return ChannelRefused("unreachable", "retry", "no connection")
    if isinstance(error, aiosmtplib.SMTPNotSupported | aiosmtplib.SMTPException) and (
        "STARTTLS" in str(error)
    ):
        return ChannelRefused("no_tls", "never", "the server offers no encryption")
    return ChannelRefused("broken_off", "retry", "the connection broke")
