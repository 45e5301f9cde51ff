"""From a rule to a mail: a talk that was owed, missed, told, escalated, made good, and told again."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.casefile.world import child
from tests.end_to_end.installation import Installation, today

pytestmark = [pytest.mark.process, pytest.mark.kafka]

MISSED = "casefile.obligation-missed.v1"
FULFILLED = "casefile.obligation-fulfilled.v1"
SOURCES = ("kafka", "feed")


def test_a_miss_is_told_escalated_and_put_right_by_both_sources(installation: Installation):
    here, day = installation, today()
    first = day.replace(day=1)
    closed = (first + timedelta(days=32)).replace(day=1) + timedelta(days=9)
    ahead = (closed - day).days

    here.prepare()
    here.start()
    here.settle()
    here.ask("county", "/v1/policies", policy(first.isoformat()))
    case = str(uuid4())
    opening = child(occurred_on=(first - timedelta(days=40)).isoformat(), record_id=case)
    here.ask("teacher", "/v1/cases", opening)
    here.until(lambda: here.topic("casefile.case-opened.v1"))
    assert here.feed(MISSED) == []

    here.move(ahead)
    [miss] = here.until(lambda: here.feed(MISSED))
    [record] = here.until(lambda: here.topic(MISSED))
    assert dict(record.headers)["ce_id"].decode() == miss["id"]
    assert miss["partitionkey"] == record.key.decode() == case
    for source in SOURCES:
        here.until(lambda source=source: here.inbox(source))
        [mail] = here.until(lambda source=source: here.mails("t-101", source))
        assert "talk.monthly" in mail
        assert "禾苗甲" not in mail
        assert here.mails("l-401", source) == []

    here.move(ahead + 4)
    for source in SOURCES:
        [escalation] = here.until(lambda source=source: here.mails("l-401", source))
        assert "talk.monthly" in escalation

    late = {"record_id": str(uuid4()), "occurred_on": day.isoformat(), "place": "school",
            "mood": "calm", "late_reason": "补录"}  # fmt: skip
    here.ask("teacher", f"/v1/cases/{case}/records/talk", late)
    here.until(lambda: here.feed(FULFILLED) and here.topic(FULFILLED))
    for source in SOURCES:
        here.until(lambda source=source: "made_good" in here.notices(case, source))

    here.move(ahead + 9)
    for source in SOURCES:
        here.until(lambda source=source: len(here.mails("l-401", source)) == 2)
        here.until(lambda source=source: len(here.mails("t-101", source)) >= 2)
        assert here.mails("c-501", source) == []
    assert [found["id"] for found in here.feed(MISSED)] == [miss["id"]]


def policy(effective_from: str) -> dict[str, object]:
    rule = {
        "code": "talk.monthly",
        "title": "班主任每月谈心",
        "shape": {"shape": "calendar", "every": "month"},
        "kinds": ["talk"],
        "role": "class_teacher",
        "seeds": ["B01"],
    }
    return {
        "policy": "school-talks",
        "version": 1,
        "title": "每月谈心",
        "effective_from": effective_from,
        "approved_by": "leading-group",
        "rules": [rule],
    }
