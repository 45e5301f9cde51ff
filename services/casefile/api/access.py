"""Who may do what: one pure function that every route names its action to. Deny by default."""

from typing import Literal, NamedTuple, get_args

from services.casefile.application.context import Actor, Role

Action = Literal[
    "probe",
    "read_schema",
    "read_me",
    "open_case",
    "record",
    "amend",
    "move_case",
    "merge_cases",
    "hold_group_session",
    "record_unit",
    "record_staff",
    "register",
    "read_case",
    "look_up",
    "read_roster",
    "read_caseload",
    "read_funding",
    "read_worker_activity",
    "read_entries",
    "read_backfill",
    "compare_notes",
    "read_flags",
    "explain_flag",
    "raise_flag",
    "decide_flag",
    "read_units",
    "read_staff",
    "read_obligations",
    "read_rulebook",
    "read_report",
    "export_report",
    "adopt_policy",
    "load_calendar",
    "waive",
    "inspect",
    "read_inspections",
    "answer_finding",
    "read_findings",
    "read_metrics",
    "read_feed",
]
Reason = Literal["public", "role", "signed_out", "not_in_role"]

PUBLIC: frozenset[Action] = frozenset(("probe", "read_schema"))
OWN: frozenset[Action] = frozenset(("read_me", "read_units", "read_staff", "read_rulebook"))
# Which of the reports a role may draw is said where they are defined: reports/registry.py.
DRAWS: frozenset[Action] = frozenset(("read_report", "export_report"))
READS: frozenset[Action] = (
    OWN
    | DRAWS
    | {
        "read_flags",
        "explain_flag",
        "read_case",
        "look_up",
        "read_roster",
        "read_caseload",
        "read_funding",
        "read_worker_activity",
        "read_obligations",
    }
)
RECORDS: frozenset[Action] = frozenset(
    ("open_case", "record", "amend", "move_case", "hold_group_session", "record_unit")
)
LEADS: frozenset[Action] = frozenset(("merge_cases", "record_staff", "waive"))
REVIEWS: frozenset[Action] = frozenset(("read_entries", "read_backfill", "compare_notes"))
FLAGS: frozenset[Action] = frozenset(("raise_flag", "decide_flag"))
RULES: frozenset[Action] = frozenset(("adopt_policy", "load_calendar"))
ANSWERS: frozenset[Action] = frozenset(("answer_finding", "read_findings"))
INSPECTS: frozenset[Action] = frozenset(("inspect", "read_inspections", "read_findings"))
OPERATES: frozenset[Action] = frozenset(("record_unit", "record_staff", "register", "read_metrics"))

ROLES: dict[Role, frozenset[Action]] = {
    "teacher": READS | RECORDS | ANSWERS,
    "child_director": READS | RECORDS | ANSWERS,
    "supervisor": READS | RECORDS | LEADS | REVIEWS | ANSWERS,
    "county": READS | RECORDS | LEADS | RULES | REVIEWS | FLAGS | ANSWERS | INSPECTS,
    "inspector": READS | REVIEWS | FLAGS | INSPECTS,
    "operator": OWN | DRAWS | OPERATES | RULES,
    "service": frozenset(("read_me", "read_feed", "read_obligations")),
    "system": frozenset(),
}
ACTIONS: tuple[Action, ...] = get_args(Action)


class Resource(NamedTuple):
    """What an action is about; scopes and purposes will look at it."""

    type: Literal["api", "case", "group", "unit", "staff", "list", "inspection"] = "api"
    id: str | None = None
    kind: str | None = None


class Decision(NamedTuple):
    """The answer and the reason for it, for the access log that is to come."""

    is_allowed: bool
    reason: Reason


API = Resource()


def decide_access(actor: Actor | None, action: Action, resource: Resource = API) -> Decision:  # noqa: ARG001
    """Whether this actor may take this action on this resource; today, the role decides."""
    if action in PUBLIC:
        return Decision(is_allowed=True, reason="public")
    if actor is None:
        return Decision(is_allowed=False, reason="signed_out")
    if action in ROLES[actor.role]:
        return Decision(is_allowed=True, reason="role")
    return Decision(is_allowed=False, reason="not_in_role")
