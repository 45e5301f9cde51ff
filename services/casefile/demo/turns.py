"""What does not happen to everyone: illness, prizes, accidents, mistakes, leaving."""

from datetime import date, timedelta
from random import Random

from services.casefile.demo.calendar import Calendar
from services.casefile.demo.children import Child
from services.casefile.demo.county import Worker
from services.casefile.demo.planned import Planned, Script
from services.casefile.demo.recording import Diary


def take_turns(
    script: Script,
    child: Child,
    opened_on: date,
    calendar: Calendar,
    diary: Diary,
    random: Random,
) -> None:
    days = (calendar.today - opened_on).days - 2
    if days < 30:
        return

    def some_day() -> date:
        return opened_on + timedelta(days=random.randint(5, days - 10))

    _fortunes(script, child, diary, random, some_day)
    _mistakes(script, diary, random, calendar)
    _leaving(script, child, diary, random, calendar)


def _fortunes(script: Script, child: Child, diary: Diary, random: Random, some_day: object) -> None:
    pick = some_day  # a day for each turn
    assert callable(pick)
    if random.random() < 0.10:
        day = pick()
        script.add(
            "illness",
            day,
            diary.soon(day),
            child.worker,
            severity="mild",
            reported_by="guardian",
            symptoms="发烧咳嗽,休息两天。",
            parents_informed=True,
        )
    if random.random() < 0.06 and child.teacher is not None:
        day = pick()
        script.add(
            "award",
            day,
            diary.soon(day),
            child.teacher,
            award="calligraphy_or_painting",
            awarded_by="school",
            prize="second",
        )
    if random.random() < 0.05:
        day = pick()
        script.add(
            "incident",
            day,
            diary.soon(day),
            child.worker,
            incident_kind="fall",
            severity="minor",
            place="school",
            account="课间摔倒擦伤,已处理。",
        )
    if random.random() < 0.35 and child.teacher is not None:
        day = pick()
        script.add(
            "pairing",
            day,
            diary.soon(day),
            child.teacher,
            pairing_kind="teacher",
            mentor=child.teacher.staff,
            reasons=["learning_difficulty"],
        )


def found_alone(script: Script, child: Child, diary: Diary, day: date) -> None:
    """A child found alone: told to the police within the hour, and safe by the evening."""
    told = f"{day.isoformat()}T09:25:00+08:00"
    found = script.add(
        "emergency",
        day,
        diary.soon(day, 5),
        child.director,
        emergency_kind="left_alone",
        called=["police", "village"],
    )
    script.add(
        "mandatory_report",
        day,
        diary.soon(day, 20),
        child.director,
        after=found,
        ground="abandoned_or_left_alone",
        told=[{"authority": "police", "told_at": told}],
        account="独自在家两晚,监护人外出未归。",
    )
    if found is not None:
        script.add(
            "emergency_resolution",
            day,
            diary.soon(day, 55),
            child.director,
            after=found,
            emergency=str(found.record_id),
            outcome="safe_elsewhere",
        )
    script.add(
        "referral",
        day,
        diary.soon(day, 58),
        child.director,
        to="civil_affairs",
        need="guardianship",
    )


def handed_over(script: Script, child: Child, to: Worker, day: date, diary: Diary) -> None:
    """At a change of teacher both sign, and the open items go with the child."""
    assert child.teacher is not None
    latest = max(script.lines, key=lambda line: line.recorded_at)
    script.add(
        "handover",
        day,
        diary.soon(day),
        child.teacher,
        after=latest,
        role="class_teacher",
        from_staff=child.teacher.staff,
        to_staff=to.staff,
        to_unit=to.unit,
        open_items=["home_visit"],
    )


def _mistakes(script: Script, diary: Diary, random: Random, calendar: Calendar) -> None:
    talks = [line for line in script.lines if line.slug == "talk"]
    if talks and random.random() < 0.05:
        wrong = random.choice(talks)
        _amend(
            script,
            diary,
            calendar,
            wrong,
            "correction",
            changes={"mood": "withdrawn"},
            reason="与孩子核对后更正",
        )
    if talks and random.random() < 0.02:
        wrong = random.choice(talks)
        if not any(line.body.get("target") == str(wrong.record_id) for line in script.lines):
            _amend(
                script,
                diary,
                calendar,
                wrong,
                "annulment",
                ground="wrong_child",
                reason="记到了别的孩子名下",
            )


def _amend(
    script: Script, diary: Diary, calendar: Calendar, wrong: Planned, slug: str, **body: object
) -> None:
    day = wrong.recorded_at.date() + timedelta(days=3)
    if day < calendar.today:
        script.add(
            slug,
            day,
            diary.soon(day),
            wrong.worker,
            after=wrong,
            target=str(wrong.record_id),
            of=wrong.slug,
            **body,
        )


def _leaving(
    script: Script, child: Child, diary: Diary, random: Random, calendar: Calendar
) -> None:
    if random.random() >= 0.03:
        return
    day = calendar.today - timedelta(days=random.randint(20, 120))
    if any(line.slug == "opening" and line.occurred_on >= day for line in script.lines):
        return
    script.until(day)
    latest = max(script.lines, key=lambda line: line.recorded_at)
    script.add(
        "closure",
        day,
        diary.soon(day),
        child.worker,
        after=latest,
        reason="parent_returned",
        remark="父母一方返乡照料,已核实。",
    )
