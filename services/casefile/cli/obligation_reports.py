"""What the commands about obligations ask with, and how they print the answers."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import psycopg
import typer

from services.casefile.cli.output import REFUSED, UNUSABLE, err, out, print_json
from services.casefile.cli.tables import share, show, words_of
from services.casefile.cli.wiring import addresses, read_settings
from services.casefile.labels import Labels

if TYPE_CHECKING:
    from services.casefile.api.quotas import QuotaRow
    from services.casefile.readmodels.compliance import ComplianceTotal
    from services.casefile.readmodels.pages import Page, Pool

COUNTED = ("made_good", "missed", "waived", "suspended", "not_due")
CODED = ("state", "what", "obligor")


@contextmanager
def asking() -> Iterator[tuple["Pool", datetime]]:
    """Connections to ask with, and the moment it is."""
    from services.casefile.application.clock import clock_ahead
    from services.casefile.readmodels.pages import open_pool

    now = clock_ahead(read_settings().clock_ahead_days)()
    try:
        with addresses() as found, open_pool(found.app) as pool:
            yield pool, now
    except psycopg.errors.UndefinedTable:
        err.print("There is no board yet: see that `casefile clock` runs.", highlight=False)
        raise typer.Exit(REFUSED) from None
    except (psycopg.DataError, psycopg.ProgrammingError):
        err.print("--after takes what the page before printed.", highlight=False)
        raise typer.Exit(UNUSABLE) from None


def print_page(page: "Page[Any]", heads: Sequence[str], lang: str, *, as_json: bool) -> None:
    if as_json:
        print_json(page)
        return
    words = words_of(lang)
    show(words, heads, [[word(row, head, words) for head in heads] for row in page.rows])
    say_next(page.next)


def word(row: Any, head: str, words: Labels) -> Any:
    value = getattr(row, head)
    return words.code(head, value) if head in CODED else value


def print_totals(totals: "Iterable[ComplianceTotal]", by: str, words: Labels) -> None:
    heads = ("policy", "version", by, "obligor", "kept", "kept_in_time", *COUNTED, "still_open")
    rows = [
        (
            total.policy,
            total.version,
            total.of,
            words.code("obligor", total.obligor),
            share(total.kept.n, total.kept.of),
            share(total.kept_in_time.n, total.kept_in_time.of),
            *(getattr(total, name) for name in COUNTED),
            total.still_open + total.undecided,
        )
        for total in totals
    ]
    show(words, heads, rows)


def print_quotas(rows: "Iterable[QuotaRow]", words: Labels) -> None:
    heads = ("window", "staff", "role", "unit", "state", "reached", "closed_on")
    shown = [
        (
            row.window,
            row.staff,
            row.role,
            row.unit,
            words.code("state", row.outcome),
            share(row.n, row.of),
            row.closes_at,
        )
        for row in rows
    ]
    show(words, heads, shown)


def place_of(after: str | None) -> tuple[str, ...] | None:
    return tuple(after.split("|")) if after is not None else None


def say_next(place: tuple[str, ...] | None) -> None:
    if place is not None:
        out.print(f"--after '{'|'.join(place)}'", highlight=False)
