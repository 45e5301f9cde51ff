"""What `casefile up` prints: where things are, who you may be, and what to try first."""

from collections.abc import Mapping
from uuid import UUID

import psycopg

from services.casefile.cli.output import out
from services.casefile.embedded import Provisioned
from services.casefile.settings import Settings

FIRST_CASE = """
SELECT case_id FROM readmodels.roster WHERE status = 'open' ORDER BY last_version DESC LIMIT 1
"""


def welcome(settings: Settings, addresses: Provisioned, tokens: Mapping[str, str]) -> None:
    base = f"http://{settings.host}:{settings.port}"
    case_id = _some_case(addresses.app)
    out.print(
        f"\n[bold]Casefile is running at {base}[/] [dim](invented county)[/]", highlight=False
    )
    out.print(
        f"  Console          {base}/  [dim](sign in with a token from below)[/]", highlight=False
    )
    out.print(f"  API description  {base}/openapi.json", highlight=False)
    out.print("\n[bold]Demo tokens[/]")
    for role, token in tokens.items():
        out.print(f"  {role:<15} {token}", highlight=False)
    out.print("\n[bold]Three requests to try[/]")
    for line in _requests(base, case_id, tokens):
        out.print(f"  {line}", highlight=False, markup=False)
    out.print("\nCtrl-C stops everything; the data stays.\n")


def _requests(base: str, case_id: UUID | None, tokens: Mapping[str, str]) -> list[str]:
    inspector = f"curl -s -H 'Authorization: Bearer {tokens['inspector']}'"
    case = f"{base}/v1/cases/{case_id or '{case_id}'}"
    return [
        f"{inspector} '{base}/v1/roster?limit=3'",
        f"{inspector} '{case}/history?limit=5'",
        f"{inspector} '{case}?as_of=2026-09-30&known_at=2026-09-30'",
    ]


def _some_case(conninfo: str) -> UUID | None:
    """A rich file to look at; the roster may still be under construction."""
    try:
        with psycopg.connect(conninfo) as connection:
            row = connection.execute(FIRST_CASE).fetchone()
    except psycopg.Error:
        return None
    return row[0] if row else None
