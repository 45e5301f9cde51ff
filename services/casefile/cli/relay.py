"""`casefile relay`: publishes the log to Kafka; and, for operators, what was published, once more."""

from typing import Annotated

import typer

from services.casefile.cli.output import err, print_json, print_table
from services.casefile.cli.wiring import addresses, migrated, parts, read_settings

app = typer.Typer(invoke_without_command=True)


@app.callback()
def relay(context: typer.Context) -> None:
    """Publish the log to Kafka, every message once and in order."""
    if context.invoked_subcommand is not None:
        return
    from services.casefile.cli import relay_process

    settings = read_settings()
    with parts(settings) as built, addresses() as found:
        relay_process.run(settings, built, found.app)


@app.command()
def republish(
    start: Annotated[int, typer.Option("--from", min=1, help="The first position to send again.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent again, and do nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Have the relay publish once more from a position on, after Kafka lost what it held.

    Readers see again what is in the topic still; they leave out what they know.
    """
    from services.casefile.relaying.republishing import ask, plan

    topic = read_settings().kafka_topic
    with migrated() as found:
        planned = plan(found.app, topic, start)
        if as_json:
            print_json(planned)
        else:
            rows = [(planned.topic, planned.first, planned.last, planned.events, planned.until)]
            print_table(("Topic", "From", "To", "Events", "Recorded until"), rows)
        if dry_run:
            err.print("Nothing was changed: this was a dry run.")
            return
        ask(found.app, planned)
    err.print("The relay begins there at once, or when it is started.")
