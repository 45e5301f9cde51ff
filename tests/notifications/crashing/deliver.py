"""A delivery worker in a process of its own that is struck at a point."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

from services.notifications.channels.posting import Poster
from services.notifications.composition import delivering
from services.notifications.delivering import sending
from services.notifications.delivering.attempting import Attempting
from services.notifications.delivering.telling import Books, Telling
from services.notifications.delivering.worker import Delivery
from services.notifications.log_config import configure_logging
from services.notifications.settings import Settings
from tests.notifications.crashing.striking import Striker


def main(told: dict[str, Any], tell: Callable[[str], None]) -> None:
    configure_logging("json", sys.stderr)
    striker = Striker(told, tell)
    striker.before(Delivery, "_notify", "taken")
    striker.after(Telling, "_put_in_inbox", "in_inbox")
    striker.after(Telling, "notice", "told")
    striker.after(sending, "begin", "begun")
    striker.after(Attempting, "_prepare", "prepared")
    striker.before(Poster, "post", "sending")
    striker.after(Books, "write", "written")
    striker.after(Attempting, "_enter", "entered")

    inner = Poster.post

    async def post(self, *given, **named):  # type: ignore[no-untyped-def]
        answer = await inner(self, *given, **named)
        striker.reached("answered")
        return answer

    Poster.post = post  # type: ignore[method-assign]
    settings = Settings(database_url=told["database"], delivery_concurrency=2)
    asyncio.run(delivering(settings))
