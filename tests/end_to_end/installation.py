"""Everything that compose.yaml runs, with notifications twice: once on Kafka, once on the feed."""

import json
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

from services.notifications.policy.reading import default_text
from tests.bus.clients import READ_COMMITTED, records
from tests.casefile.world import UNITS
from tests.end_to_end.mail import Sink
from tests.end_to_end.stack import Stack
from tests.kafka import Kafka

CHINA = ZoneInfo("Asia/Shanghai")
TOPIC = "casefile.events.v1"
PATIENCE = 60.0
JOBS = {"casefile": ("migrate", "topics"), "notifications": ("notifications-migrate",)}
CASEFILE = ("api", "followers", "clock", "relay")
NOTIFICATIONS = tuple(f"notifications-{n}" for n in ("consume", "deliver", "remind", "api"))
# Who holds which post; the teacher signs in.
PEOPLE = {
    "teacher": json.dumps(
        {"role": "teacher", "staff": "t-101", "post": "class_teacher", "unit": "class-31"}
    )
}
STAFF = (
    ("t-101", "class_teacher", "class-31"),
    ("l-401", "school_lead", "school-1"),
    ("c-501", "county_civil_affairs", "county-1"),
)


@dataclass
class Installation:
    casefile: Stack
    notifications: dict[str, Stack]
    ports: dict[str, int]
    secrets: dict[str, str]
    broker: Kafka
    mail: Sink

    @property
    def stacks(self) -> list[Stack]:
        return [self.casefile, *self.notifications.values()]

    def prepare(self) -> None:
        for job in JOBS["casefile"]:
            self.casefile.run(job)
        for stack in self.notifications.values():
            for job in JOBS["notifications"]:
                stack.run(job)

    def start(self, days_ahead: int = 0) -> None:
        """All processes, so many days ahead, in the order of compose, until they answer."""
        for stack in self.stacks:
            stack.variables["CLOCK_AHEAD_DAYS"] = str(days_ahead)
        self.casefile.start(CASEFILE)
        self._answers("api")
        for stack in self.notifications.values():
            stack.start(NOTIFICATIONS)
        for source in self.notifications:
            self._answers(source)

    def move(self, days_ahead: int) -> None:
        """Stop everything, and start it that many days ahead of today."""
        for stack in self.stacks:
            stack.end()
        ended = [stack.stop() for stack in self.stacks]
        # uvicorn ends orderly, and then by the signal that it was sent.
        codes = {code for each in ended for code in each.values()}
        assert codes <= {0, -signal.SIGTERM}, (ended, self.said())
        self.start(days_ahead)

    def _answers(self, name: str) -> None:
        self.until(lambda: answers(f"http://127.0.0.1:{self.ports[name]}/readyz"))

    def until(self, condition: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.1)
        raise AssertionError(f"it did not come to pass\n{self.said()}")

    def said(self) -> str:
        return "\n".join(stack.said() for stack in self.stacks)

    def ask(
        self, who: str, path: str, body: Any = None, *, at: str = "api", method: str | None = None
    ) -> Any:
        token = self.secrets[f"token of {who}"]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        address = f"http://127.0.0.1:{self.ports[at]}{path}"
        with urlopen(Request(address, content, headers, method=method), timeout=30) as answer:
            told = answer.read()
        return json.loads(told) if told else None

    def settle(self) -> None:
        """Units and posts in Casefile; in each directory, a mail address of everybody."""
        since = {"occurred_on": "2020-09-01", "late_reason": "系统启用时登记"}
        for code, kind, name, parent in UNITS:
            body = since | {"code": code, "unit_kind": kind, "unit_name": name}
            body |= {"valid_from": "2020-09-01"} | ({"parent": parent} if parent else {})
            self.ask("operator", f"/v1/units/{code}/records/unit_registration", body)
        for staff, role, unit in STAFF:
            body = since | {"staff": staff, "role": role, "unit": unit, "starts_on": "2020-09-01"}
            self.ask("operator", f"/v1/staff/{staff}/records/staff_registration", body)
            for source in self.notifications:
                entry = {"channels": [{"channel": "smtp", "address": address(staff, source)}]}
                path = f"/v1/directory/{staff}"
                self.ask("operator", path, entry, at=source, method="PUT")

    def feed(self, kind: str) -> list[dict[str, Any]]:
        return self.ask("service", f"/v1/feed?after=0&limit=100&types={kind}")

    def topic(self, kind: str) -> list[Any]:
        found = records(self.broker, TOPIC, **READ_COMMITTED)
        return [r for r in found if dict(r.headers)["ce_type"] == kind.encode()]

    def inbox(self, source: str) -> list[dict[str, Any]]:
        return self.ask("teacher", "/v1/inbox", at=source)["rows"]

    def notices(self, case: str, source: str) -> set[str]:
        """The kinds of what was told of a child, or has its hour."""
        found = self.ask("county", f"/v1/ledger/cases/{case}", at=source)["rows"]
        return {notice["kind"] for notice in found if notice["not_before"]}

    def mails(self, staff: str, source: str) -> list[str]:
        return [m["Subject"] + m.get_content() for m in self.mail.to(address(staff, source))]


def address(staff: str, source: str) -> str:
    return f"{staff}@{source}.county.invalid"


def answers(url: str) -> bool:
    try:
        return urlopen(url, timeout=5).status == 200
    except (URLError, OSError):
        return False


def today() -> date:
    return datetime.now(CHINA).date()


def ladder() -> str:
    """The one that is shipped, at work at whatever hour and day the test runs."""
    now = datetime.now(CHINA)
    hours = [(now + timedelta(hours=h)).strftime("%H:%M") for h in (10, 12, -1)]
    given = default_text()
    for old, new in (
        ('since: "21:00", until: "07:00"', f'since: "{hours[0]}", until: "{hours[1]}"'),
        ('digest_at: "07:30"', f'digest_at: "{hours[2]}"'),
        ("working_days_only: true", "working_days_only: false"),
    ):
        assert old in given
        given = given.replace(old, new)
    return given
