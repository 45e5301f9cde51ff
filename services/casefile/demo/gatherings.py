"""The monthly forum of every school: one session in its own stream, credit for those present."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid5

from services.casefile.demo.calendar import Calendar, is_holiday
from services.casefile.demo.children import Child
from services.casefile.demo.county import Township, Worker
from services.casefile.demo.planned import Planned, Script
from services.casefile.demo.recording import Diary

SESSIONS = UUID("7d7c1f0e-6a51-5a8e-9d0a-0c2a4b6f1a09")


class Gatherings:
    """Holds the forums of a block once its children's stories are told."""

    def __init__(self, calendar: Calendar, diary: Diary, random: Random) -> None:
        self._calendar = calendar
        self._diary = diary
        self._random = random

    def hold(self, children: Sequence[Child], scripts: Mapping[UUID, Script]) -> Iterator[Planned]:
        """Yields the sessions; the attendances join the children's own scripts."""
        schools: defaultdict[str, list[Child]] = defaultdict(list)
        for child in children:
            if child.teacher is not None:
                schools[child.township.school].append(child)
        for month in self._calendar.months():
            day = month + timedelta(days=self._random.randint(7, 20))
            if not is_holiday(day) and day < self._calendar.today:
                for school, pupils in schools.items():
                    yield from self._forum(school, pupils, day, scripts)

    def _forum(
        self, school: str, pupils: Sequence[Child], day: date, scripts: Mapping[UUID, Script]
    ) -> Iterator[Planned]:
        on_file = [c for c in pupils if is_open(scripts[c.case_id], day)]
        came = [c for c in on_file if self._random.random() < 0.85]
        if not came:
            return
        stream = uuid5(SESSIONS, f"{school}:{day}")
        township = came[0].township
        recorded = self._diary.soon(day, 40)
        yield Planned(
            stream_id=stream,
            slug="group_session",
            body={
                "session_kind": "forum",
                "unit": school,
                "present": [str(c.case_id) for c in came],
                "absent": [str(c.case_id) for c in on_file if c not in came],
                "minutes": 60,
                "topics": ["study", "safety"],
            },
            occurred_on=day,
            recorded_at=recorded,
            worker=host(township),
            record_id=uuid5(stream, "session"),
        )
        for child in came:
            attended = Planned(
                stream_id=child.case_id,
                slug="group_attendance",
                body={"session_kind": "forum", "session": str(stream), "minutes": 60},
                occurred_on=day,
                recorded_at=recorded,
                worker=host(township),
                record_id=uuid5(uuid5(stream, "session"), child.case_id.hex),
                group=stream,
            )
            scripts[child.case_id].lines.append(attended)


def host(township: Township) -> Worker:
    return township.classes[0][2]


def is_open(script: Script, day: date) -> bool:
    opened = next(line for line in script.lines if line.slug == "opening")
    closed = next((line for line in script.lines if line.slug == "closure"), None)
    return opened.recorded_at.date() < day and (closed is None or day < closed.occurred_on)
