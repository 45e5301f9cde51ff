"""The page of the command line names every command and every option there is."""

from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from services.casefile.cli.main import app
from services.casefile.cli.output import FAILED, REFUSED, UNUSABLE, WITH_ERRORS
from tests.docs.listed import ROOT

PAGE = (ROOT / "docs" / "cli.md").read_text()


def commands(group: TyperGroup, *path: str) -> Iterator[tuple[str, TyperCommand]]:
    if path and group.invoke_without_command:
        yield " ".join(path), group
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


def every_command() -> list[tuple[str, TyperCommand]]:
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    return list(commands(root, "casefile"))


def test_every_command_has_its_heading_and_no_other_does():
    headed = {line[5:-1] for line in PAGE.splitlines() if line.startswith("### `casefile")}

    assert headed == {name for name, _ in every_command()}


@pytest.mark.parametrize(("name", "command"), every_command(), ids=str)
def test_every_option_is_named(name: str, command: TyperCommand):
    options = [p for p in command.params if isinstance(p, TyperOption) and p.name != "help"]

    named = [spelled for option in options for spelled in option.opts]

    assert [spelled for spelled in named if spelled not in PAGE] == [], name


def test_every_exit_code_is_explained():
    assert all(f"\n| {code} | " in PAGE for code in (0, FAILED, REFUSED, UNUSABLE, WITH_ERRORS))
