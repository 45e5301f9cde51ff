"""Who may draw a report, and whether small counts are hidden from them."""

from services.casefile.application.context import Role

# Who may read cases may read what is reckoned from them; who may not sees no small counts.
CASE_LEVEL: frozenset[Role] = frozenset(
    ("teacher", "child_director", "supervisor", "county", "inspector")
)
OFFICES: frozenset[Role] = frozenset(("supervisor", "county", "inspector"))
EVERYBODY: frozenset[Role] = CASE_LEVEL | {"operator"}
