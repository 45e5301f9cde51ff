"""The channels that this installation has."""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2

from services.notifications.channels.bots import DingTalk, Feishu, WeCom
from services.notifications.channels.channel import Channel
from services.notifications.channels.everything_else import EverythingElse
from services.notifications.channels.mail import Mail, Server
from services.notifications.channels.posting import Poster, client
from services.notifications.channels.webhook import Webhook
from services.notifications.settings import Settings

NAMES = ("in_app", "smtp", "webhook", "wecom", "dingtalk", "feishu", "apprise")


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Mapping[str, Channel]]:
    """By name; mail only if a server for it is set."""
    tls = _trusting(settings)
    async with client(tls) as over:
        yield _all(settings, over, tls)


def _all(
    settings: Settings, over: httpx2.AsyncClient, tls: ssl.SSLContext | None
) -> Mapping[str, Channel]:
    poster, hosts = Poster(over), settings.bot_hosts
    found: list[Channel] = [
        Webhook(poster),
        WeCom(poster, hosts),
        DingTalk(poster, hosts),
        Feishu(poster, hosts),
        EverythingElse(),
    ]
    if (server := mail_server(settings, tls)) is not None:
        found.append(Mail(server))
    return {channel.name: channel for channel in found}


def mail_server(settings: Settings, tls: ssl.SSLContext | None) -> Server | None:
    if settings.smtp_host is None or settings.smtp_from is None:
        return None
    password = settings.smtp_password
    return Server(
        host=settings.smtp_host,
        sender=settings.smtp_from,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=password.get_secret_value() if password is not None else None,
        tls=tls,
    )


def _trusting(settings: Settings) -> ssl.SSLContext | None:
    """The system's authorities, and the office's own."""
    if settings.channels_cafile is None:
        return None
    tls = ssl.create_default_context()
    tls.load_verify_locations(settings.channels_cafile)
    return tls
