"""A little of everything that is done for children, so that every report of it has something to say."""

from itertools import cycle
from uuid import UUID, uuid4

from services.casefile.domain.stream_ids import staff_stream, unit_stream
from tests.casefile.history.bygone import Bygone

DAY = "2025-02-20"


def done(past: Bygone, children: list[UUID]) -> None:
    """In February 2025, for these children and in the units of the invented world."""
    for child, nth in zip(children, cycle(range(3)), strict=False):
        of_the_child(past, child, nth)
    session(past, "school-2", "guardian_training", [], children[::2])
    session(past, "school-1", "festival", children[:3], [])
    session(past, "town-1", "safety_class", children, [])
    for unit in ("town-1", "school-2"):
        of_the_unit(past, unit)
    for staff in ("t-101", "d-201"):
        past.told(staff_stream(staff), "worker_training", DAY, training="law", minutes=60)
        past.told(staff_stream(staff), "mentor_appointment", DAY, mentor_kind="teacher",
                  starts_on=DAY, local_title="caring_mother")  # fmt: skip


def session(
    past: Bygone, unit: str, kind: str, present: list[UUID], guardians_of: list[UUID]
) -> None:
    group = uuid4()
    body = {"session_kind": kind, "unit": unit, "present": [str(child) for child in present]}
    if guardians_of:
        body |= {"guardians_of": [str(child) for child in guardians_of], "guardians_present": 9}
    past.told(group, "group_session", DAY, **body)
    for child in present:
        past.told(child, "group_attendance", DAY, session_kind=kind, session=str(group))


def of_the_unit(past: Bygone, unit: str) -> None:
    stream = unit_stream(unit)
    past.told(stream, "unit_activity", DAY, activity="household_visits", attendances=30)
    past.told(stream, "home_session", DAY, minutes=180, children=23)
    for task, counts in (("train", "trained_staff"), ("pair", "paired_children")):
        past.told(stream, "work_plan_item", DAY, plan="year-2025", task=task, month="2025-02",
                  outcome="partly_done", target_count=5, done_count=3, counts=counts)  # fmt: skip


def of_the_child(past: Bygone, child: UUID, nth: int) -> None:
    past.told(child, "worker", DAY, role="class_teacher", staff="t-101")
    past.told(child, "pairing", DAY, pairing_kind="teacher", mentor="t-102")
    past.told(child, "activity", DAY, activity=("sport", "festival", "reading")[nth])
    past.told(child, "award", DAY, award=("arts", "three_good_pupil", "sport")[nth],
              awarded_by="school")  # fmt: skip
    past.told(child, "tutoring", DAY, subject="chinese")
    measures = [{"service": ("study", "safety", "funding")[nth], "content": "每周一次"}]
    past.told(child, "care_plan", DAY, starts_on=DAY, ends_on="2025-07-01",
              goals=[{"aim": "安心上学"}], measures=measures)  # fmt: skip
    option = ("parents", "teachers", "guardian")[nth]
    past.told(child, "survey_response", DAY, instrument="left-behind-life", instrument_version=1,
              answers=[{"item": "confide_in", "option": option}])  # fmt: skip
    incident = past.told(
        child, "incident", DAY, incident_kind=("injury", "violence", "fraud")[nth],
        severity=("near_miss", "minor", "serious")[nth], place="school", account="课间受伤。",
    )  # fmt: skip
    past.told(child, "guardian_contact", DAY, mode="phone", outcome="informed")
    if nth == 1:
        past.told(child, "legal_aid", DAY, form="advice", provider="law_firm",
                  incident=str(incident))  # fmt: skip
    referral = past.told(child, "referral", DAY, to="psychology_centre", need="mental_health")
    if nth:
        past.told(child, "referral_closure", "2025-02-25", referral=str(referral),
                  outcome=("", "declined", "partly_helped")[nth])  # fmt: skip
    domains = {name: {"urgency": "some"} for name in ("study", "life", "psychology", "safety")}
    past.told(child, "needs", DAY, **domains, health={"urgency": "urgent"},
              lacking=["affection"], pressing=["assistive_device"])  # fmt: skip
