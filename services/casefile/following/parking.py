"""Cases that one edition could not take: parked where everyone can see them, held until retried."""

import traceback
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
import structlog

from services.casefile.domain.refusals import CasefileError
from services.casefile.following.edition import Edition
from services.casefile.following.register import Link

ONE = "follower = %s AND version = %s AND generation = %s"
HELD = f"SELECT case_id FROM casefile.parked WHERE {ONE}".encode()
LIST = f"""
SELECT case_id, position, reason, attempts, parked_at FROM casefile.parked
WHERE {ONE} ORDER BY parked_at, case_id
""".encode()
PARK = b"""
INSERT INTO casefile.parked AS p (follower, version, generation, case_id, position, reason)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (follower, version, generation, case_id)
DO UPDATE SET attempts = p.attempts + 1, reason = excluded.reason
"""
RELEASE = f"DELETE FROM casefile.parked WHERE {ONE} AND case_id = %s".encode()

log = structlog.get_logger(__name__)


class Parked(msgspec.Struct, frozen=True):
    """A case that is held, and why."""

    case_id: UUID
    position: int
    reason: str
    attempts: int = 1
    parked_at: datetime | None = None


def held(connection: Link, edition: Edition) -> frozenset[UUID]:
    return frozenset(case_id for (case_id,) in connection.execute(HELD, edition.key))


def listed(connection: Link, edition: Edition) -> list[Parked]:
    return [Parked(*row) for row in connection.execute(LIST, edition.key)]


def park(connection: Link, edition: Edition, cases: Iterable[Parked]) -> None:
    for case in cases:
        row = [*edition.key, case.case_id, case.position, case.reason]
        connection.execute(PARK, row)
        told = {"case_id": str(case.case_id), "position": case.position, "reason": case.reason}
        log.warning("case_parked", model=str(edition), **told)


def release(connection: Link, edition: Edition, case_id: UUID) -> None:
    connection.execute(RELEASE, [*edition.key, case_id])


def reason_of(error: Exception) -> str:
    """What went wrong and where; never the error's own words, which may quote a child's data."""
    name = type(error).__name__
    if isinstance(error, CasefileError):
        return f"{name}: {error.title}"
    frames = traceback.extract_tb(error.__traceback__)
    return f"{name} in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else name
