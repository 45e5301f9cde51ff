"""Eighteen months of one child: what was done for her, and what was not."""

from datetime import date, timedelta
from random import Random
from typing import Any

from services.casefile.demo.calendar import Calendar, is_holiday
from services.casefile.demo.children import Child
from services.casefile.demo.county import County
from services.casefile.demo.keeping import keep
from services.casefile.demo.names import FORGED_NOTE, NOTES, VISIT_NOTES, Names
from services.casefile.demo.opening import open_file
from services.casefile.demo.planned import Planned, Script
from services.casefile.demo.recording import Diary
from services.casefile.demo.turns import take_turns

CALLS = {"grandparent": 0.7, "parent_single": 0.5, "relative_friend": 0.6}
LEVELS = {"grandparent": "universal", "parent_single": "universal", "relative_friend": "key"}


class Storyteller:
    """Tells children's stories from one seed."""

    def __init__(self, calendar: Calendar, random: Random, names: Names) -> None:
        self._calendar = calendar
        self._random = random
        self._names = names
        self._diary = Diary(calendar, random)

    def tell(self, child: Child, county: County) -> Script:
        script = Script(child.case_id)
        opened_on = self._opened_on()
        open_file(script, child, opened_on, self._calendar, self._diary, self._names)
        for month in self._calendar.months():
            if month.replace(day=28) > opened_on:
                self._month(script, child, max(month, opened_on))
        self._school_year(script, child, opened_on)
        self._money(script, child, county, opened_on)
        keep(script, child, opened_on, self._calendar)
        take_turns(script, child, opened_on, self._calendar, self._diary, self._random)
        return script

    def _opened_on(self) -> date:
        first = self._calendar.start + timedelta(days=self._random.randint(2, 24))
        if self._random.random() < 0.85:
            return first
        return first + timedelta(days=self._random.randint(30, 400))

    def _month(self, script: Script, child: Child, month: date) -> None:
        self._talk(script, child, self._day_in(month))
        if month.month % 3 == 0:
            self._visit(script, child, self._day_in(month))
        for _ in range(2):
            self._call(script, child, self._day_in(month))
        if month.month % 2 == 0:
            self._guardian(script, child, self._day_in(month))
        if month.month in (5, 12):
            self._letter(script, child, self._day_in(month))

    def _talk(self, script: Script, child: Child, day: date | None) -> None:
        worker = child.worker
        if day is None or is_holiday(day) or not self._diary.happens(worker.character):
            return
        forged = worker.character == "cramming"
        body: dict[str, Any] = {
            "place": "school" if child.teacher else "home",
            "minutes": 30 if forged else self._random.randint(8, 45),
            "mood": self._random.choice(("calm", "calm", "cheerful", "low", "anxious")),
            "note": FORGED_NOTE if forged else self._random.choice(NOTES),
        }
        script.add("talk", day, self._diary.recorded(day, worker.character), worker, **body)

    def _visit(self, script: Script, child: Child, day: date | None) -> None:
        worker = child.director
        if day is None or not self._diary.happens(worker.character):
            return
        recorded = self._diary.recorded(day, worker.character)
        if self._random.random() < 0.08:
            script.add(
                "home_visit_attempt", day, recorded, worker, reason="nobody_home", left_word=True
            )
            return
        script.add(
            "home_visit", day, recorded, worker, met=["child", "guardian"],
            living=self._random.choice(("good", "good", "fair", "poor")),
            note=FORGED_NOTE if worker.character == "cramming"
            else self._random.choice(VISIT_NOTES),
        )  # fmt: skip

    def _call(self, script: Script, child: Child, day: date | None) -> None:
        if day is None or self._random.random() > CALLS[child.guardian]:
            return
        worker = child.worker
        connected = self._random.random() < 0.85
        more: dict[str, Any] = {"minutes": self._random.randint(3, 30)} if connected else {}
        script.add(
            "family_call", day, self._diary.recorded(day, worker.character), worker,
            mode=self._random.choice(("video", "video", "phone", "wechat")), connected=connected,
            initiated_by="staff", parties=["child", self._random.choice(("mother", "father"))],
            **more,
        )  # fmt: skip

    def _guardian(self, script: Script, child: Child, day: date | None) -> None:
        worker = child.director
        if day is None or not self._diary.happens(worker.character):
            return
        script.add(
            "guardian_contact", day, self._diary.recorded(day, worker.character), worker,
            mode="visit", outcome="informed", feedback_given=True, topics=["life", "safety"],
        )  # fmt: skip

    def _letter(self, script: Script, child: Child, day: date | None) -> None:
        if day is None or child.teacher is None or self._random.random() < 0.4:
            return
        recorded = self._diary.recorded(day, child.teacher.character)
        script.add(
            "letter",
            day,
            recorded,
            child.teacher,
            purpose="family",
            writer="child",
            addressee="both_parents",
        )

    def _school_year(self, script: Script, child: Child, opened_on: date) -> None:
        if child.teacher is None:
            return
        for first in self._calendar.september_firsts():
            if first > opened_on:
                grade = (child.grade or 1) - (self._calendar.today.year - first.year)
                script.add(
                    "transfer",
                    first,
                    self._diary.soon(first),
                    child.teacher,
                    reason="grade_change",
                    grade=grade,
                )
            self._check_up(
                script, child, first + timedelta(days=self._random.randint(20, 60)), opened_on
            )
        for end, term in self._calendar.term_ends():
            if end > opened_on:
                self._marks(script, child, end, term)

    def _check_up(self, script: Script, child: Child, day: date, opened_on: date) -> None:
        if not opened_on < day < self._calendar.today or child.teacher is None:
            return
        abnormal = self._random.random() < 0.12
        found: dict[str, Any] = {}
        if abnormal:
            due = (day + timedelta(days=30)).isoformat()
            found = {"findings": "视力下降,建议复查。", "follow_up_due": due}
        script.add(
            "health_check", day, self._diary.recorded(day, "honest"), child.teacher,
            provider="township_hospital", abnormal=abnormal,
            height_mm=self._random.randint(1100, 1550), weight_g=self._random.randint(18000, 45000),
            items=["growth", "vision", "teeth"],
            **found,
        )  # fmt: skip

    def _marks(self, script: Script, child: Child, day: date, term: str) -> None:
        assert child.teacher is not None
        size = self._random.randint(28, 45)
        attainment = self._random.choices(("excellent", "good", "fair"), (13.6, 20.4, 66))[0]
        script.add(
            "academic_result", day, self._diary.recorded(day, "honest"), child.teacher, term=term,
            exam="term_end", rank=self._random.randint(1, size), cohort_size=size, cohort="class",
            attainment=attainment,
        )  # fmt: skip

    def _money(self, script: Script, child: Child, county: County, opened_on: date) -> None:
        if not child.is_poor:
            return
        officer, day = county.officer, opened_on + timedelta(days=self._random.randint(10, 40))
        amount = self._random.choice((50_000, 62_500, 100_000, 125_000))
        grant = script.add(
            "grant", day, self._diary.recorded(day, "honest"), officer,
            scheme="two_exemptions_one_subsidy" if child.teacher else "hardship_relief",
            amount_fen=amount, rhythm="once", payer="civil_affairs", starts_on=day.isoformat(),
        )  # fmt: skip
        if grant is None:
            return
        for half in (1, 2):
            self._pay(script, child, county, grant, day + timedelta(days=90 * half), amount // 2)

    def _pay(
        self, script: Script, child: Child, county: County, grant: Planned, day: date, fen: int
    ) -> None:
        if day >= self._calendar.today or self._random.random() < 0.06:
            return
        paid = script.add(
            "disbursement", day, self._diary.recorded(day, "honest"), county.officer, after=grant,
            scheme=grant.body["scheme"], amount_fen=fen, payee="guardian", method="social_card",
            grant=str(grant.record_id),
        )  # fmt: skip
        asked_on = day + timedelta(days=self._random.randint(10, 40))
        if paid is None or asked_on >= self._calendar.today or self._random.random() < 0.3:
            return
        script.add(
            "delivery_check", asked_on, self._diary.recorded(asked_on, "honest"), child.director,
            after=paid, found="received", asked="guardian", disbursement=str(paid.record_id),
            received_fen=fen,
        )  # fmt: skip

    def _day_in(self, month: date) -> date | None:
        last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        day = self._random.randint(month.day, last.day)
        found = month.replace(day=day)
        return found if found < self._calendar.today else None
