"""The policies of the demo county: bundles, and parts of them, fitted to what it can do."""

from datetime import date
from typing import Any

import msgspec

from services.casefile.demo.calendar import Calendar
from services.casefile.demo.county import County
from services.casefile.domain.cadence.policy import Applies, Policy, Rule
from services.casefile.policies.bundles import bundle

AT_RISK = ("key", "guardianship_intervention")


def policies(place: County, calendar: Calendar) -> tuple[Policy, ...]:
    return (
        _talks(calendar.talks_since),
        _visits(calendar.visits_since),
        _calls(calendar.calls_since),
        _quota(calendar.quota_since, place.townships[0].school),
    )


def _talks(since: date) -> Policy:
    """The class teachers of all schools talk with every child every month."""
    start = bundle("default-school")
    return _fitted(bundle("class-teacher-monthly-talk"), since, escalation=start.escalation)


def _visits(since: date) -> Policy:
    """The child directors of all villages see the guardians of children at risk twice a month."""
    visits = bundle("half-monthly-visits")
    at_risk = {"applies": Applies(care_level=AT_RISK), "role": "child_director"}
    return _fitted(
        visits,
        since,
        title="儿童主任半月走访重点家庭",
        rules=(_rule(visits, "guardian.half_month", terms_only=False, **at_risk),),
        escalation=bundle("default-school").escalation,
    )


def _calls(since: date) -> Policy:
    """The parents of boarders call every week: a sign of risk when they do not, nobody's fault."""
    start, boarders = bundle("default-school"), Applies(boarding=("boarding",))
    return _fitted(
        start,
        since,
        policy="boarders-weekly-call",
        title="寄宿生父母每周来电",
        rules=(_rule(start, "parent.call", applies=boarders),),
        escalation=(),
    )


def _quota(since: date, school: str) -> Policy:
    """The teachers of the largest school talk with two children each week, on trial."""
    quota = bundle("weekly-quota")
    told = {"title": "每周与两名孩子谈心", "distinct_children": 2}
    return _fitted(
        quota,
        since,
        title="每周与两名孩子谈心(试行)",
        unit=school,
        rules=(_rule(quota, "talk.quota", **told),),
    )


def _fitted(base: Policy, since: date, /, **changes: Any) -> Policy:
    return msgspec.structs.replace(base, effective_from=since, note=None, **changes)


def _rule(base: Policy, code: str, **changes: Any) -> Rule:
    rule = base.rule(code)
    assert rule is not None
    return msgspec.structs.replace(rule, **changes)
