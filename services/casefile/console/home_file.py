"""The first page as a file: its figures, what somebody owes, what was missed, what came in late."""

from collections.abc import Mapping
from typing import Any

from services.casefile.console.listing import cells, report_of
from services.casefile.console.visit import Visit
from services.casefile.reports.report import Column, Report, Table

FIGURES = (Column("what", "What"), Column("count", "Count", "count"))
DUE = (
    Column("subject_id", "Case", "case"),
    Column("unit", "unit", "unit"),
    Column("policy", "policy"),
    Column("rule", "Rule"),
    Column("window_key", "window"),
    Column("due_on", "due_on", "day"),
    Column("accountable", "accountable", "staff"),
    Column("state", "State", "code"),
)
LATE = (
    Column("case_id", "Case", "case"),
    Column("kind", "Kind", "code"),
    Column("occurred_on", "Happened on", "day"),
    Column("recorded_at", "recorded_at", "moment"),
    Column("lag_days", "lag_days", "count"),
    Column("recorded_by", "recorded_by", "staff"),
)
TABLES = (
    ("mine", "What you owe", DUE),
    ("missed", "Missed last", DUE),
    ("late", "Entered late, the latest first", LATE),
)


def home_file(visit: Visit, shown: Mapping[str, Any], models: tuple[str, ...]) -> Report:
    figures = [(visit.labels.text(label), n) for label, _, n, _ in shown["figures"]]
    more = [
        Table(name=name, title=title, columns=of, rows=[cells(of, row) for row in shown[name]])
        for name, title, of in TABLES
    ]
    return report_of(visit, "today", "Today", FIGURES, figures, models=models, more=more)
