"""How many open cases a rule would be for, as far as the roster knows what the rule asks."""

from collections.abc import Callable

import psycopg

from services.casefile.domain.cadence.policy import Applies
from services.casefile.readmodels.pages import Pool, Where, fetch

COUNT = "SELECT count(*)::int FROM readmodels.roster"
BOTH = ("left_behind", "in_difficulty")


def children_matching(pool: Pool) -> Callable[[Applies], int] | None:
    """Counts too many rather than too few: what the roster does not show is not asked.

    None while there is no roster to ask.
    """

    def count(applies: Applies) -> int:
        where = where_of(applies)
        return fetch(pool, f"{COUNT} {where}", where.values, int)[0]

    try:
        count(Applies())
    except psycopg.errors.UndefinedTable:
        return None
    return count


def where_of(applies: Applies) -> Where:
    where = Where(status="open")
    population = set(applies.population)
    if population.intersection(BOTH):
        population.add("both")
    asked = {
        "population": population,
        "care_level": applies.care_level,
        "boarding": applies.boarding,
        "guardian_type": applies.guardian_type,
        "school_status": applies.school_status,
    }
    for column, codes in asked.items():
        where.add(f"{column} = ANY(%s)", sorted(codes) or None)
    return where.add("difficulties && %s", sorted(applies.difficulty) or None)
