"""Where a policy comes from on the command line: a file, a bundle, or what was adopted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from services.casefile.cli.output import REFUSED, UNUSABLE, err, refusals_shown
from services.casefile.cli.policy_reports import lines_of
from services.casefile.cli.tables import words_of
from services.casefile.policies.bundles import bundle_document
from services.casefile.policies.faults import PolicyNotUsable
from services.casefile.policies.reading import PolicyDocument, document_of, read_policy

if TYPE_CHECKING:
    from services.casefile.application.context import Context
    from services.casefile.composition import Parts

BUNDLE, ADOPTED = "bundle:", "adopted:"
LARGEST = 1 << 20


def document_from(source: str, lang: str, on: datetime | None = None) -> PolicyDocument:
    """The document; of an adopted policy the version that is named, or in force on the day."""
    with refusals_shown(), faults_shown(source, lang):
        if source.startswith(ADOPTED):
            return from_log(source, on)
        if source.startswith(BUNDLE):
            return bundle_document(source.removeprefix(BUNDLE))
        return from_file(Path(source))


def from_file(path: Path) -> PolicyDocument:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST)
    except OSError as error:
        unusable(f"{path}: {error.strerror}.")
    return read_policy(content, str(path))


def from_log(source: str, on: datetime | None) -> PolicyDocument:
    from services.casefile.application.clock import day_in_china
    from services.casefile.cli.wiring import parts

    code, _, version = source.removeprefix(ADOPTED).partition("@")
    if version and not (version.isascii() and version.isdigit()):
        unusable("A version is a number, as in adopted:school-talks@2.")
    with parts() as built:
        day: date = on.date() if on else day_in_china(built.clock())
        detail = built.rulebook.policy(code, day, int(version) if version else None)
    return document_of(detail.document, source)


def one_of(file: Path | None, bundle: str | None) -> str:
    """A file or a bundle, and not both."""
    if (file is None) == (bundle is None):
        unusable("Name a file, or a bundle with --bundle.")
    return str(file) if bundle is None else BUNDLE + bundle


def context_of(built: "Parts", by: str | None) -> "Context":
    """In whose name a rule is put on file."""
    from services.casefile.application.context import Context
    from services.casefile.cli.spreadsheets import keeper

    return Context(actor=keeper(built, by), source="system")


@contextmanager
def faults_shown(source: str, lang: str) -> Iterator[None]:
    """A policy that cannot be used ends the command, with one line for each fault."""
    try:
        yield
    except PolicyNotUsable as refused:
        for line in lines_of(source, refused.faults, words_of(lang)):
            err.print(line, highlight=False, markup=False)
        raise typer.Exit(REFUSED) from None


def unusable(why: str) -> NoReturn:
    err.print(why, highlight=False, markup=False)
    raise typer.Exit(UNUSABLE)
