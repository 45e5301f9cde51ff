"""What the panel says of one worker, as a file: every rule with its counts, and what was asked."""

from collections.abc import Sequence

from services.casefile.console.listing import cells
from services.casefile.console.pages.flags import COLUMNS as FLAGS
from services.casefile.console.thing_files import thing
from services.casefile.console.visit import Visit
from services.casefile.domain.backfill.panel import Reading, Signal
from services.casefile.domain.backfill.saying import SENTENCES, figures
from services.casefile.readmodels.flags import FlagRow
from services.casefile.reports.report import Column, Report, Scope, Share, Table

SIGNALS = (
    Column("rule", "Rule", "code"),
    Column("share", "Odd of all", "share"),
    Column("base", "base"),
    Column("peers", "peers", "count"),
    Column("worth", "outcome", "code"),
    Column("says", "Why"),
)
SAID = ("subject", "unit", "records", "children", "offline", "imported", "p95_lag", "outcome")
NOTE = "A reading is a question to ask, never a verdict; nothing is scored or decided by it."


def say(visit: Visit, signals: Sequence[Signal]) -> list[str]:
    return [visit.labels.text(SENTENCES[s.rule]).format(**figures(s)) for s in signals]


def worker_file(visit: Visit, reading: Reading, flags: Sequence[FlagRow], scope: Scope) -> Report:
    signals = [
        (
            signal.rule,
            Share(signal.part, signal.whole),
            f"{signal.base * 100:.0f}%",
            signal.peers,
            "worth_asking" if signal.is_worth_asking else None,
            *say(visit, [signal]),
        )
        for signal in reading.signals
    ]
    asked = [cells(FLAGS, row) for row in flags]
    return thing(
        visit,
        "worker",
        "Records entered",
        {name: getattr(reading, name) for name in SAID},
        Table(name="signals", title="Why", columns=SIGNALS, rows=signals, notes=(NOTE,)),
        Table(name="flags", title="Flags", columns=FLAGS, rows=asked),
        scope=scope,
    )
