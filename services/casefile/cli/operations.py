"""`casefile migrate | rebuild | demo | doctor`: what operators do."""

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from services.casefile.cli.output import FAILED, err, out, print_json, print_table, progress_bar
from services.casefile.cli.wiring import addresses, migrated, parts, read_settings

Subject = Literal["everything", "obligations"]


def register(root: typer.Typer) -> None:
    for command in (migrate, rebuild, demo, doctor):
        root.command()(command)


def migrate(
    sql: Annotated[bool, typer.Option("--sql", help="Print the script; touch nothing.")] = False,
) -> None:
    """Bring both databases to this release's schema. Running it again is harmless."""
    from services.casefile.log.migrations import KEYRING, LOG, migrate_keyring, offline_sql
    from services.casefile.log.migrations import migrate as migrate_log

    if sql:
        for tree in (LOG, KEYRING):
            typer.echo(f"-- {tree.name}\n{offline_sql(tree)}")
        return
    with addresses() as found:
        migrate_log(found.owner)
        migrate_keyring(found.keyring_owner)
    err.print("Both databases are up to date.")


def rebuild(
    names: Annotated[list[str] | None, typer.Argument(help="Read models; all if none.")] = None,
    accept_differences: Annotated[
        bool, typer.Option(help="Switch even if the new edition says something else.")
    ] = False,
    case: Annotated[
        str | None, typer.Option(help="Only refold this one case, parked or not.")
    ] = None,
) -> None:
    """Build read models anew beside the old ones, compare, and switch. Killed, it goes on."""
    from uuid import UUID

    from services.casefile.cli.follower_process import spare_the_collector
    from services.casefile.composition import every_read_model
    from services.casefile.following import Progress, Upkeep
    from services.casefile.sweeping.healing import judge_again

    spare_the_collector()
    with parts() as built, addresses() as found, progress_bar("Rebuilding") as report:

        def show(progress: Progress) -> None:
            report(progress.done, progress.of)

        upkeep = Upkeep(found.app, built.recorder, built.mapper, every_read_model(built))
        if case is not None:
            _say_failed(upkeep.retry(UUID(case), names or ()))
            judge_again(built, found.app, UUID(case))
            return
        parities = upkeep.rebuild(names or (), show, accept_differences=accept_differences)
        judge_again(built, found.app)
    for parity in parities:
        out.print(str(parity))


def demo(
    children: Annotated[int, typer.Option(min=10, max=1_000_000)] = 250,
    seed: Annotated[int, typer.Option(help="The same seed gives the same county.")] = 2026,
) -> None:
    """Fill an empty log with an invented county."""
    from services.casefile.cli.filling import fill

    settings = read_settings()
    with migrated() as found, progress_bar("Inventing a county") as report:
        summary = fill(settings, found, children, seed, report)
    print_json(summary)


def doctor(
    about: Annotated[
        Subject, typer.Argument(help="everything, or the standing proof of the obligations.")
    ] = "everything",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Check everything this installation needs, and say what to do about what is wrong."""
    from services.casefile.cli.examining import examine

    if about == "obligations":
        _prove(as_json=as_json)
        return
    checks = examine(read_settings())
    if as_json:
        print_json([check._asdict() for check in checks])
    else:
        rows = [("ok" if c.is_well else "✗", c.name, c.finding, c.remedy) for c in checks]
        print_table(("", "Check", "Finding", "Remedy"), rows)
    if not all(check.is_well for check in checks):
        raise typer.Exit(FAILED)


def _prove(*, as_json: bool) -> None:
    """Judge every file anew and compare with what was declared."""
    from datetime import timedelta

    from services.casefile.cli.clock_report import report_proof
    from services.casefile.sweeping.proof import prove

    ahead = timedelta(days=read_settings().clock_ahead_days)
    with parts() as built, addresses() as found, progress_bar("Judging") as report:
        proof = prove(built, found.app, time=lambda moment: moment + ahead, report=report)
    report_proof(proof, as_json=as_json)


def _say_failed(names: Sequence[str]) -> None:
    if names:
        err.print(f"Still parked for: {', '.join(names)}")
        raise typer.Exit(FAILED)
    err.print("The case is up to date in every read model.")
