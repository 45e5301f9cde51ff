"""`casefile policy …`: the rules an office keeps, as versioned documents."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from services.casefile.cli.output import FAILED, err, print_json, progress_bar
from services.casefile.cli.tables import Json, Language, words_of
from services.casefile.cli.wiring import addresses, parts

app = typer.Typer(no_args_is_help=True, help="Write, check and adopt the rules an office keeps.")

DAY = ["%Y-%m-%d"]
Source = Annotated[
    str, typer.Argument(help="A file, bundle:NAME, or adopted:CODE with or without @VERSION.")
]
By = Annotated[str | None, typer.Option(help="Staff id of whoever records it.")]
Code = Annotated[str, typer.Argument(help="The policy's code.")]
On = Annotated[datetime | None, typer.Option(formats=DAY, help="In force on this day.")]


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="YAML files.")],
    is_offline: Annotated[
        bool, typer.Option("--offline", help="Only what can be seen without the log.")
    ] = False,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """Name every fault with its line and what to do; nothing is stored."""
    from services.casefile.cli import policy_reports
    from services.casefile.cli.policy_checks import check_offline, check_online

    checked = check_offline(files) if is_offline else check_online(files)
    policy_reports.faults(checked, words_of(lang), as_json=as_json)
    if any(each.faults for each in checked):
        raise typer.Exit(FAILED)


@app.command()
def diff(old: Source, new: Source, as_json: Json = False, lang: Language = "zh") -> None:
    """Compare two policies rule by rule."""
    from services.casefile.cli import policy_reports
    from services.casefile.cli.policy_sources import document_from
    from services.casefile.policies.comparing import diff as compare

    changes = compare(document_from(old, lang).policy, document_from(new, lang).policy)
    print_json(changes) if as_json else policy_reports.changes(changes, words_of(lang))


@app.command()
def adopt(
    file: Annotated[Path | None, typer.Argument(help="A YAML file.")] = None,
    bundle: Annotated[str | None, typer.Option(help="A bundle that is shipped.")] = None,
    effective_from: Annotated[
        datetime | None, typer.Option(formats=DAY, help="The first day, if not the document's.")
    ] = None,
    approved_by: Annotated[str | None, typer.Option(help="Who approved of it.")] = None,
    unit: Annotated[str | None, typer.Option(help="Only for this unit and all below it.")] = None,
    as_code: Annotated[str | None, typer.Option("--as", help="Under another code.")] = None,
    version: Annotated[int | None, typer.Option(min=1, max=9999, help="As this version.")] = None,
    by: By = None,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """Adopt a policy from its effective day on. The same document again changes nothing."""
    from services.casefile.cli import policy_reports
    from services.casefile.cli.policy_sources import context_of, document_from, faults_shown, one_of
    from services.casefile.policies.faults import PolicyNotUsable

    day = effective_from.date() if effective_from else None
    head: dict[str, Any] = {"effective_from": day, "approved_by": approved_by, "unit": unit}
    head |= {"policy": as_code, "version": version}
    document = document_from(one_of(file, bundle), lang)
    document = document.having(**{name: v for name, v in head.items() if v is not None})
    with parts() as built, faults_shown(document.source, lang):
        if found := built.checking.faults(document):
            raise PolicyNotUsable(found)
        receipt = built.casefile.adopt_policy(document.policy, context_of(built, by))
    print_json(receipt) if as_json else policy_reports.adopted(document.policy, receipt)


@app.command()
def withdraw(
    code: Code,
    last_day: Annotated[datetime, typer.Option(formats=DAY, help="The last day it holds.")],
    approved_by: Annotated[str, typer.Option(help="Who approved of it.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """End a policy: from the day after on it asks for nothing. Closed windows stay as they are."""
    from services.casefile.cli.policy_sources import context_of

    with parts() as built:
        receipt = built.casefile.withdraw_policy(
            code, last_day.date(), approved_by, context_of(built, by)
        )
    if as_json:
        print_json(receipt)
    else:
        err.print(f"[green]Withdrawn[/]: {code} ends after {last_day:%Y-%m-%d}", highlight=False)


@app.command("list")
def list_(on: On = None, as_json: Json = False, lang: Language = "zh") -> None:
    """List every version of every policy, with the days it holds."""
    from services.casefile.cli import policy_reports

    with parts() as built:
        versions = built.rulebook.versions()
    shown = [v for v in versions if on is None or v.holds_on(on.date())]
    print_json(shown) if as_json else policy_reports.versions(shown, words_of(lang))


@app.command()
def show(
    code: Annotated[str, typer.Argument(help="The code of a policy, a file, or bundle:NAME.")],
    version: Annotated[int | None, typer.Option(min=1, help="This version.")] = None,
    on: On = None,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print it as it is written.")] = False,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """Show a policy: its rules, or the document itself."""
    from services.casefile.cli import policy_reports
    from services.casefile.cli.policy_sources import ADOPTED, BUNDLE, document_from
    from services.casefile.policies.reading import write_policy

    is_elsewhere = code.startswith(BUNDLE) or Path(code).suffix in (".yaml", ".yml")
    wanted = f"{code}@{version}" if version is not None else code
    policy = document_from(code if is_elsewhere else ADOPTED + wanted, lang, on).policy
    if as_yaml:
        typer.echo(write_policy(policy), nl=False)
    elif as_json:
        print_json(policy)
    else:
        policy_reports.policy(policy, words_of(lang))


@app.command()
def bundles(as_json: Json = False, lang: Language = "zh") -> None:
    """List the policies that are shipped; `policy show bundle:NAME --yaml` prints one."""
    from services.casefile.cli import policy_reports
    from services.casefile.policies.bundles import bundles as shipped

    print_json(shipped()) if as_json else policy_reports.bundles(shipped(), words_of(lang))


@app.command()
def what_if(
    source: Source,
    since: Annotated[datetime, typer.Option(formats=DAY, help="Windows that end from this day.")],
    until: Annotated[datetime, typer.Option(formats=DAY, help="And until this day.")],
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """Judge past days again under another policy, beside what came of them. Nothing is stored."""
    from services.casefile.cli import policy_reports
    from services.casefile.cli.policy_sources import document_from
    from services.casefile.rulebooks.what_if import what_if as replay

    policy = document_from(source, lang).policy
    with parts() as built, addresses() as found, progress_bar("Judging") as report:
        answer = replay(
            built.recorder, found.app, built.mapper, built.rulebooks.fresh(), policy,
            since.date(), until.date(), report, now=built.clock(),
        )  # fmt: skip
    print_json(answer) if as_json else policy_reports.what_if(answer, words_of(lang))
