"""Opens what a command needs, and closes it again."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError

from services.casefile.cli.output import UNUSABLE, err, refusals_shown
from services.casefile.cli.readiness import schema_check
from services.casefile.composition import Parts, databases, opened
from services.casefile.embedded import Provisioned
from services.casefile.settings import Settings


def read_settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        for fault in error.errors():
            name = "CASEFILE_" + "_".join(str(p) for p in fault["loc"]).upper()
            err.print(f"[bold red]{name}[/]: {fault['msg']}", highlight=False)
        raise typer.Exit(UNUSABLE) from None


def say_ahead(settings: Settings) -> None:
    """Nobody may take a rehearsal for the real thing."""
    if settings.clock_ahead_days:
        err.print(
            f"[bold yellow]A rehearsal: the clock is {settings.clock_ahead_days} days ahead.[/] "
            "What it declares stays declared.",
            highlight=False,
        )


@contextmanager
def addresses() -> Iterator[Provisioned]:
    with refusals_shown(), databases(read_settings()) as found:
        yield found


@contextmanager
def parts(settings: Settings | None = None) -> Iterator[Parts]:
    settings = settings or read_settings()
    say_ahead(settings)
    with refusals_shown(), databases(settings) as found:
        schema_check(found)()
        with opened(settings, found) as built:
            yield built


@contextmanager
def migrated() -> Iterator[Provisioned]:
    """The addresses, once it is certain that the schema is this release's."""
    say_ahead(read_settings())
    with addresses() as found:
        schema_check(found)()
        yield found
