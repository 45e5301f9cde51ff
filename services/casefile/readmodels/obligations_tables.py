"""The tables of what is owed: a row per window, how many windows there are of each sort, and how
far each subject's windows are laid out."""

from services.casefile.following.model import Table

OBLIGATIONS = Table(
    name="obligations",
    columns={
        "subject_id": "uuid NOT NULL",
        "subject": "text NOT NULL",
        "policy": "text NOT NULL",
        "version": "integer NOT NULL",
        "rule": "text NOT NULL",
        "window_key": "text NOT NULL",
        "obligor": "text NOT NULL",
        "role": "text",
        "accountable": "text",
        "unit": "text",
        "village": "text",
        "school": "text",
        "class_unit": "text",
        "starts_on": "date NOT NULL",
        "ends_on": "date NOT NULL",
        "due_on": "date NOT NULL",
        "overdue_from": "timestamptz NOT NULL",
        "closes_at": "timestamptz NOT NULL",
        "outcome": "text NOT NULL",
        "why": "text",
        "least": "integer NOT NULL",
        "counted": "integer NOT NULL",
        "attempts": "integer NOT NULL",
        "in_window": "boolean",
        "entered_in_time": "boolean",
        "provisional": "boolean NOT NULL",
        "due_soon_days": "integer NOT NULL",
        "overdue": "uuid",
        "missed": "uuid",
        "made_good": "uuid",
        "waiver": "uuid",
        # Of rows with something to declare: the version it is to follow. Others do not change with it.
        "stream_version": "integer",
        "declare_at": "timestamptz",
        "declares": "text",
    },
    key=("subject_id", "policy", "version", "rule", "window_key"),
    owner="subject_id",
    indexes=(
        "due_on, subject_id",
        "accountable, due_on",
        "unit, due_on",
        "village, due_on",
        "school, due_on",
        "class_unit, due_on",
        "ends_on",
    ),
    partial={
        "declare_at": "declare_at IS NOT NULL",
        "closes_at": "outcome = 'open'",
        "due_on, subject_id": "outcome = 'open'",
    },
    sparing=True,
)
# All that the compliance of everybody is reckoned from.
SORT = (
    "policy", "version", "rule", "obligor", "starts_on", "ends_on", "closes_at", "outcome",
    "in_window", "entered_in_time",
)  # fmt: skip
COUNTS = Table(
    name="obligation_counts",
    columns={name: OBLIGATIONS.columns[name] for name in SORT} | {"n": "bigint NOT NULL"},
    key=SORT,
    counts=OBLIGATIONS.name,
)
SUBJECTS = Table(
    name="obligation_subjects",
    columns={
        "subject_id": "uuid NOT NULL",
        "horizon": "date NOT NULL",
        "rulebook": "bigint NOT NULL",
        "stream_version": "integer NOT NULL",
    },
    key=("subject_id",),
    owner="subject_id",
)
