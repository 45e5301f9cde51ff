"""`casefile topics apply`: the topics of the bus, as they are declared in a file."""

from pathlib import Path
from typing import Annotated

import typer

from services.casefile.cli.output import err, print_json, print_table, refusals_shown
from services.casefile.cli.wiring import read_settings

DECLARED = Path("deploy/kafka/topics.yaml")

app = typer.Typer(no_args_is_help=True, help="The topics of the event bus.")


@app.callback()
def topics() -> None:
    """Keeps `apply` a command of its own."""


@app.command()
def apply(
    file: Annotated[Path, typer.Option(help="Where the topics are declared.")] = DECLARED,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, and let Kafka judge it.")
    ] = False,
    replicas: Annotated[
        int | None, typer.Option(min=1, help="At most so many replicas: 1 for a single node.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Create the topics that are missing and set what differs. Running it again is harmless."""
    from services.casefile.cli.topic_admin import connected
    from services.casefile.cli.topic_plan import read_declared, refuse_to_break, steps

    settings = read_settings()
    with refusals_shown():
        declared = read_declared(file, replicas)
        with connected(settings.kafka_client) as cluster:
            planned = steps(declared, cluster.found(declared))
            if as_json:
                print_json(planned)
            elif planned:
                rows = [(s.topic, s.action, s.what, s.now, s.then) for s in planned]
                print_table(("Topic", "Do", "What", "Now", "Then"), rows)
            refuse_to_break(planned)
            cluster.carry_out(declared, planned, dry=True)
            if not dry_run:
                cluster.carry_out(declared, planned, dry=False)
    _say(len(planned), dry_run=dry_run)


def _say(planned: int, *, dry_run: bool) -> None:
    if not planned:
        err.print("Every topic is as declared.")
    elif dry_run:
        err.print("Nothing was changed: this was a dry run. Kafka would accept all of it.")
    else:
        err.print("Done.")
