"""`notifications deliver | preview | test`: sends what is queued, and tries out words and channels."""

import asyncio
import uuid
from typing import Annotated

import typer

from services.notifications.cli.output import REFUSED, err, out, read_settings, refusals_shown

Locale = Annotated[str, typer.Option(help="zh or en.")]


def register(root: typer.Typer) -> None:
    for command in (deliver, preview):
        root.command()(command)
    root.command("test")(try_out)


def deliver(
    once: Annotated[
        bool, typer.Option("--once", help="Stop when nothing is left to do now.")
    ] = False,
) -> None:
    """Send what is queued, all day. Several of these may run at once."""
    from services.notifications.composition import delivering, ready
    from services.notifications.log_config import configure_logging

    settings = read_settings()
    configure_logging(settings.log_format)
    with refusals_shown():
        ready(settings)
        asyncio.run(delivering(settings, wait=not once))


def preview(
    kind: Annotated[str, typer.Argument(help="Such as missed, digest, emergency.")],
    channel: Annotated[str, typer.Option(help="As this channel would show it.")] = "smtp",
    locale: Locale = "zh",
) -> None:
    """Show the words of a notice, with invented facts."""
    from services.notifications.channels.channel import GROUPS
    from services.notifications.composition import renderer
    from services.notifications.delivering.rendering import locale_of
    from services.notifications.delivering.sample import sample

    with refusals_shown():
        matter = sample(kind)
        made = renderer(read_settings()).words(
            matter, locale_of(locale), channel, in_group=channel in GROUPS
        )
    shown = (made.rendered.title, made.rendered.body, made.rendered.link)
    for part in shown:
        if part:
            out.print(part, markup=False, highlight=False)
    if made.fault:
        err.print(f"The template cannot be used: {made.fault}", markup=False)
        raise typer.Exit(REFUSED)


def try_out(
    channel: Annotated[
        str, typer.Argument(help="smtp, webhook, wecom, dingtalk, feishu, apprise.")
    ],
    address: Annotated[str, typer.Argument(help="Where to; a secret follows after #.")],
    locale: Locale = "zh",
) -> None:
    """Send a test message and say what the other side answered."""
    from services.notifications.channels.channel import ChannelRefused
    from services.notifications.composition import tried_out
    from services.notifications.delivering.rendering import locale_of

    with refusals_shown():
        try:
            sent = asyncio.run(
                tried_out(read_settings(), channel, address, locale_of(locale), str(uuid.uuid4()))
            )
        except ChannelRefused as refused:
            err.print(f"[bold red]Refused[/]: {refused.code} {refused.detail}", highlight=False)
            err.print(f"  What would follow: {refused.handling}", highlight=False)
            raise typer.Exit(REFUSED) from None
    out.print(f"Taken: {sent.code}")
    if sent.code == "unchecked":
        out.print("Apprise saw no error. Whether it arrived, only the recipient can say.")
