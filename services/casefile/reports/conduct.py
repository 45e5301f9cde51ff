"""What an appraisal by conduct (师德) looks at: findings against a person that an inspection upheld.

A flag is a question and is never looked at. Neither is a finding that is open, withdrawn or put right.
"""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

import msgspec

from services.casefile.domain.families.finding import FindingCode, FindingRaised, Severity
from services.casefile.domain.record import StreamType
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground

INSPECTIONS: frozenset[StreamType] = frozenset(("inspection",))


class Upheld(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A finding about a member of staff that was decided to stand."""

    finding: UUID
    finding_code: FindingCode
    severity: Severity


def upheld_findings(ground: Ground) -> dict[str, tuple[Upheld, ...]]:
    """By the member of staff they name, wherever the inspection was; decided on the days asked about."""
    found: defaultdict[str, list[Upheld]] = defaultdict(list)
    for inspection in ground.at.streams(INSPECTIONS, unit=ground.asked.unit):
        for worker, finding in decided(ground, inspection):
            found[worker].append(finding)
    return {worker: tuple(sorted(findings)) for worker, findings in found.items()}


def decided(ground: Ground, inspection: Seen) -> Iterator[tuple[str, Upheld]]:
    for entry in inspection.current:
        rec = entry.rec
        if not isinstance(rec, FindingRaised) or rec.worker is None:
            continue
        decision = inspection.facts.get(f"decided.{entry.record_id}")
        if decision is None or decision.value != "upheld" or not ground.in_days(decision.since):
            continue
        yield (
            rec.worker,
            Upheld(finding=entry.record_id, finding_code=rec.finding_code, severity=rec.severity),
        )
