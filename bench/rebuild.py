"""Rebuilding four read models: ours, the library's runner, and fold-everything-then-COPY.

python -m bench.rebuild [--events N] [--slice N] [--rounds N] [--json FILE]
"""

import argparse
import gc
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.contenders import _password
from bench.cpu import Cpu
from bench.library_projection import follow_until
from bench.servers import measured_server
from bench.stats import Series, Slice, interleaved, table
from bench.synthetic_log import write_log
from services.casefile.domain.catalogue import catalogue
from services.casefile.embedded import Provisioned, find_pg_binaries
from services.casefile.following.edition import Edition, create_indexes, create_table
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model
from services.casefile.following.upkeep import Upkeep
from services.casefile.following.writing import Tables
from services.casefile.log.blind_index import BlindIndex
from services.casefile.log.kek import FileKekProvider
from services.casefile.log.keyring import Keyring
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.readmodels import models

FOUR = ("roster", "caseload", "funding_ledger", "worker_activity")
OURS, WHOLE, LIBRARY = "ours", "fold everything, then COPY", "library's ProjectionRunner"
PAGE = 20_000


@dataclass
class Bench:
    """A measured server with a log, and the parts to follow it with."""

    owned: Provisioned
    recorder: CasefileRecorder
    mapper: CasefileMapper
    models: tuple[Model, ...]
    cpu: Cpu
    events: int
    spent: dict[str, list[tuple[float, float]]]

    def ours(self) -> Slice:
        self.clear()
        upkeep = Upkeep(self.owned.app, self.recorder, self.mapper, self.models)
        return self.timed(OURS, self.events, upkeep.prepare)

    def whole(self) -> Slice:
        self.clear()
        return self.timed(WHOLE, self.events, self._fold_everything)

    def library(self, events: int) -> Slice:
        with psycopg.connect(self.owned.owner, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS stock CASCADE")
            connection.execute("CREATE SCHEMA stock")
        password = _password(dict(psycopg.conninfo.conninfo_to_dict(self.owned.owner)))
        run = partial(follow_until, self.owned.owner, events, password)
        return self.timed(LIBRARY, events, run)

    def clear(self) -> None:
        with psycopg.connect(self.owned.app, autocommit=True) as connection:
            for name in tables_of(connection):
                connection.execute(f"DROP TABLE {name} CASCADE".encode())
            connection.execute("DELETE FROM casefile.followers")

    def timed(self, name: str, events: int, run: Callable[[], Any]) -> Slice:
        gc.collect()
        self.cpu.start()
        started = time.perf_counter()
        run()
        taken = time.perf_counter() - started
        self.spent.setdefault(name, []).append(self.cpu.spent(events))
        return Slice(events / taken)

    def _fold_everything(self) -> None:
        """The whole log in memory, folded child by child, then copied: nothing can be resumed."""
        streams: dict[Any, list[Any]] = {}
        after = 0
        while rows := self.recorder.page(after, PAGE):
            after = rows[-1][0]
            for position, stream_id, version, topic, state, at in rows:
                streams.setdefault(stream_id, []).append((version, topic, state, position, at))
        cases = [Folded(key, rows, self.mapper.entry) for key, rows in streams.items()]
        with psycopg.connect(self.owned.app, autocommit=True) as connection:
            for model in self.models:
                self._copy(connection, model, cases)

    def _copy(self, connection: Any, model: Model, cases: list[Folded]) -> None:
        edition = Edition(model.name, 0, 1)
        model.prepare(cases)
        made = {case.id: {k: list(v) for k, v in model.rows(case).items()} for case in cases}
        for each in model.tables:
            connection.execute(create_table(edition, each).encode())
        Tables(connection, edition, model.tables).fill(made)
        for each in model.tables:
            for statement in create_indexes(edition, each):
                connection.execute(statement.encode())


def tables_of(connection: Any) -> list[str]:
    found = connection.execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
        "WHERE schemaname = 'readmodels'"
    )
    return [name for (name,) in found]


@contextmanager
def bench(events: int) -> Iterator[Bench]:
    folder = Path(tempfile.mkdtemp(prefix="casefile-bench-"))
    try:
        with measured_server(folder / "pg", find_pg_binaries(), slow_flush=False) as (run, owned):
            FileKekProvider.create_file(folder / "kek.json")
            BlindIndex.create_file(folder / "index.key")
            index = BlindIndex.from_file(folder / "index.key")
            kek = FileKekProvider(folder / "kek.json")
            keyring = Keyring(owned.keyring_app, kek, remembered=2_000_000)
            recorder = CasefileRecorder.open(owned.app)
            with closing(recorder), closing(keyring):
                written = write_log(owned.owner, keyring, events)
                four = tuple(m for m in models(keyring, index) if m.name in FOUR)
                mapper = CasefileMapper(catalogue())
                yield Bench(owned, recorder, mapper, four, Cpu(run.pid), written, {})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    options = arguments()
    # As the product's processes do: nothing here is in cycles, so look for them rarely.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    with bench(options.events) as measured:
        contenders = {
            OURS: measured.ours,
            WHOLE: measured.whole,
            LIBRARY: partial(measured.library, min(options.slice, measured.events)),
        }
        series = interleaved(contenders, options.rounds)
        figures = dict(described(series, measured))
    print(f"rebuild of {len(FOUR)} read models, {measured.events:,} events\n{shown(figures)}")
    if options.json:
        options.json.write_text(json.dumps({"rebuild": figures}, indent=1))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--slice", type=int, default=2_000, help="events for the library's runner")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def described(series: dict[str, Series], measured: Bench) -> Iterator[tuple[str, Any]]:
    for name, each in series.items():
        client, server = (sorted(column) for column in zip(*measured.spent[name], strict=True))
        middle = len(client) // 2
        micros = {"client_us": round(client[middle], 2), "server_us": round(server[middle], 2)}
        ratio = {other: round(each.ratio_to(theirs), 3) for other, theirs in series.items()}
        total = client[middle] + server[middle]
        yield (
            name,
            {"rate": round(each.rate), "best": round(each.best), **micros}
            | {"cpu_s_per_million": round(total, 1), "ratio": ratio},
        )


def shown(figures: dict[str, Any]) -> str:
    names = list(figures)
    rows = [
        ["", "events/s", "best", "client µs", "server µs", "CPU s/M", *(f"x {n}" for n in names)]
    ]
    for name, each in figures.items():
        cells = [f"{each['rate']:,}", f"{each['best']:,}", str(each["client_us"])]
        cells += [str(each["server_us"]), str(each["cpu_s_per_million"])]
        rows.append([name, *cells, *(f"{each['ratio'][other]:.2f}" for other in names)])
    return table(rows)


if __name__ == "__main__":
    main()
