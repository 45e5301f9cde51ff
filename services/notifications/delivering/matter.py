"""What there is to say to one person: a notice, or a digest of many."""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from services.notifications.policy.safety import is_safety
from services.notifications.state.connections import Connection

NAMESPACE = uuid5(NAMESPACE_URL, "casefile/notifications/delivery")
LISTED = 30

# Of the children the hearer may hear of; whoever is barred later is left out from then on.
LIVE = """
FROM notifications.notices n
WHERE n.{by} = %(id)s AND n.state IN ('waiting', 'queued')
    AND NOT EXISTS (
        SELECT 1 FROM notifications.barred b WHERE b.case_id = n.case_id AND b.staff = %(hearer)s
    )
"""
COLUMNS = """
SELECT n.id, n.kind, n.case_id, n.facts, n.urgency,
    n.kind IN ('mandatory_report', 'finding', 'finding_due') OR EXISTS (
    SELECT 1 FROM notifications.barred b WHERE b.case_id = n.case_id
), n.channels
"""
GRAVEST_FIRST = """
ORDER BY array_position(ARRAY['emergency', 'mandatory_report', 'incident', 'missed', 'escalation',
    'tried_in_vain', 'finding', 'finding_due', 'overdue', 'due', 'risk_signal', 'reminder', 'made_good'], n.kind) NULLS LAST,
    n.facts ->> 'due_on', n.id
"""
OF_NOTICE = COLUMNS + LIVE.format(by="id")
OF_DIGEST = COLUMNS + LIVE.format(by="digest_id") + GRAVEST_FIRST + " LIMIT %(limit)s"
IDS = "SELECT n.id" + LIVE.format(by="digest_id") + " ORDER BY n.id"
COUNTS = "SELECT n.kind, count(*)" + LIVE.format(by="digest_id") + " GROUP BY n.kind"
LOCK = "SELECT state, staff, case_id FROM notifications.notices WHERE id = %s FOR UPDATE"
DIGEST = "SELECT staff, hearer FROM notifications.digests WHERE id = %s FOR UPDATE"
STATE = """
UPDATE notifications.notices SET state = %s WHERE id = ANY(%s) AND state IN ('waiting', 'queued')
"""


class Piece(msgspec.Struct, frozen=True):
    """One notice. Confidential: who harmed the child, or whom a finding does not concern, may read along in a group."""

    id: UUID
    kind: str
    case_id: UUID | None
    facts: dict[str, Any]
    urgency: str
    is_confidential: bool
    channels: list[str] = []


class Matter(msgspec.Struct, frozen=True):
    """`pieces` are the gravest of it; `counts` are of all. `channels`: through those only."""

    template: str
    pieces: list[Piece]
    notice_ids: list[UUID]
    counts: dict[str, int]
    channels: list[str] = []

    @property
    def is_safety(self) -> bool:
        return any(is_safety(piece.kind, piece.urgency) for piece in self.pieces)

    @property
    def is_confidential(self) -> bool:
        """A digest tells a group how many, and of whom not."""
        return self.template != "digest" and any(piece.is_confidential for piece in self.pieces)

    def key(self, hearer: str) -> str:
        """The same for every attempt, so that the other side can tell a repetition."""
        return str(uuid5(NAMESPACE, f"{self.template}|{self.notice_ids[0]}|{hearer}"))


def of_notice(connection: Connection, notice: UUID, hearer: str) -> Matter | None:
    """None if it need not be told any more, or not to this person."""
    row = connection.execute(OF_NOTICE, {"id": notice, "hearer": hearer}).fetchone()
    if row is None:
        return None
    piece = Piece(*row)
    return Matter(piece.kind, [piece], [piece.id], {piece.kind: 1}, piece.channels)


def of_digest(connection: Connection, digest: UUID, hearer: str) -> Matter | None:
    given: dict[str, Any] = {"id": digest, "hearer": hearer}
    pieces = [Piece(*row) for row in connection.execute(OF_DIGEST, {**given, "limit": LISTED})]
    if not pieces:
        return None
    ids = [row[0] for row in connection.execute(IDS, given)]
    counts: dict[str, int] = dict(connection.execute(COUNTS, given).fetchall())
    # A digest holds what goes through the same channels.
    return Matter("digest", pieces, ids, counts, pieces[0].channels)


def set_state(connection: Connection, notice_ids: list[UUID], state: str) -> None:
    connection.execute(STATE, [state, notice_ids])
