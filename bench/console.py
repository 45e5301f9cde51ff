"""Server time of the console's pages over the lists of many counties.

python -m bench.console [--counties N] [--rounds N] [--json FILE]

One invented county of 250 children is really followed; its rows in the lists are then copied under
other codes, so many times. The pages are answered in this process, as an inspector of one county,
and as one who asks for everything.
"""

import argparse
import json
import logging
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import structlog
from starlette.testclient import TestClient

from bench.servers import measured_server
from bench.stats import Slice, table
from services.casefile.api.app import create_app
from services.casefile.api.tokens import Holder, Tokens, digest_of
from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.composition import Parts, Secrets, build, every_read_model
from services.casefile.console.app import add_console
from services.casefile.demo.events import Encoder
from services.casefile.demo.loading import Loader
from services.casefile.embedded import Provisioned, find_pg_binaries
from services.casefile.following import Following, Upkeep, Whereabouts
from services.casefile.readmodels.pages import open_pool
from services.casefile.sweeping.clock import CONTEXT, Board, Clockwork
from services.casefile.sweeping.sweeper import Sweeper

CHILDREN = 250
TOKEN = "token-of-the-bench"
# The columns that hold the number of a case or of a unit's or worker's stream.
OWNERS = ("case_id", "subject_id", "stream_id", "record_id", "missed", "overdue", "made_good")
CODES = (
    "village", "school", "class_unit", "unit", "staff", "accountable", "performed_by",
    "performed_unit", "recorded_by", "recorded_unit", "code", "parent",
)  # fmt: skip
COPIED = (
    "roster_v1", "obligations_v2", "obligation_subjects_v2", "caseload_v1",
    "caseload_contacts_v1", "funding_ledger_v1", "units_v1", "staff_v1", "entries_v1",
)  # fmt: skip
COLUMNS = """SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""
PAGES = (
    ("today", "/", 200),
    ("roster, first page", "/roster", 200),
    ("roster of one county", "/roster?under=c000", 200),
    ("roster, two filters", "/roster?status=open&care_level=key", 200),
    ("board, first page", "/board", 200),
    ("board of what was missed, one county", "/board?state=missed&under=c000", 200),
    ("compliance of one county", "/compliance?under=c000", 200),
    ("compliance of everybody", "/compliance", 200),
    ("compliance of everybody, by school", "/compliance?by=school", 200),
    ("compliance of everybody, by township", "/compliance?by=township", 200),
    ("caseload", "/caseload", 200),
    ("funding, first page", "/funding", 200),
    ("units", "/units", 200),
    ("file", "/cases/{case}", 150),
    ("timeline", "/cases/{case}/timeline", 150),
    ("two days", "/cases/{case}/diff", 150),
)


def main() -> None:
    options = arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory() as folder, scene(Path(folder), options.counties) as (client, case):
        found = {name: timed(client, path.format(case=case), options.rounds)
                 for name, path, _ in PAGES}  # fmt: skip
    bars = {name: bar for name, _, bar in PAGES}
    rows = [
        (name, f"{s.percentile(0.5):.0f}", f"{s.percentile(0.95):.0f}", str(bars[name]))
        for name, s in found.items()
    ]
    print(f"{options.counties * CHILDREN} children; milliseconds")
    print(table([("page", "p50", "p95", "bar"), *rows]))
    if options.json:
        told = {n: {"p50_ms": round(s.percentile(0.5), 1), "p95_ms": round(s.percentile(0.95), 1)}
                for n, s in found.items()}  # fmt: skip
        options.json.write_text(json.dumps(told, ensure_ascii=False))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


@contextmanager
def scene(folder: Path, counties: int) -> Iterator[tuple[TestClient, str]]:
    secrets = Secrets(folder / "kek.json", folder / "index.key")
    secrets.create()
    with (
        measured_server(folder / "pg", find_pg_binaries(), slow_flush=False) as (_, owned),
        closing(build(owned.app, owned.keyring_app, secrets)) as parts,
    ):
        case = one_county(parts, owned)
        multiply(owned, counties)
        with open_pool(owned.app) as pool:
            tokens = Tokens({digest_of(TOKEN): Holder("inspector", "i-1", "inspector", "c000")})
            app = create_app(parts, tokens, pool=pool)
            add_console(app, parts, pool, tokens, folder / "session.key")
            client = TestClient(app, follow_redirects=False)
            origin = {"origin": "http://testserver"}
            client.post("/login", data={"token": TOKEN}, headers=origin)
            yield client, case


def one_county(parts: Parts, owned: Provisioned) -> str:
    loader = Loader(Encoder(parts.catalogue, parts.mapper), parts.keyring, parts.identities)
    today = day_in_china(system_clock())
    summary = loader.load(owned.owner, 2026, CHILDREN, today, unwatched)
    models = every_read_model(parts)
    Upkeep(owned.app, parts.recorder, parts.mapper, models).prepare()
    parts.casefile.load_official_days((today.year, today.year + 1), CONTEXT)
    following = Following(owned.app, parts.recorder, parts.mapper, models)
    with open_pool(owned.app, size=2) as pool:
        board = Board(parts.recorder, following, Whereabouts(pool))
        with closing(board):
            Clockwork(parts, board, Sweeper(parts, owned.app), is_trusted=True).once(unwatched)
            following.catch_up()
    return str(summary.rich_case)


def multiply(owned: Provisioned, counties: int) -> None:
    """The rows of one county, again under the codes of each other one."""
    with psycopg.connect(owned.app, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        for name in COPIED:
            columns = [row[0] for row in connection.execute(COLUMNS, [f"readmodels.{name}"])]
            told = ", ".join(map(copied, columns))
            # Of the headers of records an eighth will do: they are read by place in the log.
            some = "WHERE version % 8 = 0" if name == "entries_v1" else ""
            connection.execute(
                f"INSERT INTO readmodels.{name} ({', '.join(columns)}) SELECT {told} "
                f"FROM readmodels.{name}, generate_series(1, {counties - 1:d}) AS n {some}"
            )
            connection.execute(f"ANALYZE readmodels.{name}")
        connection.execute("UPDATE readmodels.obligation_counts_v2 SET n = n * %s", [counties])


def copied(column: str) -> str:
    if column in OWNERS:
        return f"md5({column}::text || n)::uuid"
    if column in CODES:
        own = f"replace({column}, 'c000', 'c' || lpad(n::text, 3, '0'))"
        return f"CASE WHEN {column} LIKE 'c000%' THEN {own} ELSE {column} || '-' || n END"
    return column


def timed(client: TestClient, path: str, rounds: int) -> Slice:
    found = []
    for _ in range(rounds + 2):
        since = time.perf_counter()
        answer = client.get(path)
        found.append((time.perf_counter() - since) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    return Slice(rounds / (sum(found[2:]) / 1000), found[2:])


def unwatched(done: int, total: int) -> Any:
    """Nobody watches."""


if __name__ == "__main__":
    main()
