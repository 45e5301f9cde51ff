"""Which category what is done for a child belongs to, as data: 三个优先, 四个优先, 心身学难.

The sources name the categories and not what falls under each. The tables below are Casefile's
reading of them, kind by kind, and are printed with the figures.
"""

from collections.abc import Mapping
from typing import NamedTuple

from services.casefile.domain.families.activity import ActivityParticipated
from services.casefile.domain.families.care_contact import CompanionshipProvided
from services.casefile.domain.families.group import GroupSessionAttended
from services.casefile.domain.families.school import PledgeSigned
from services.casefile.domain.record import Record

NONE = "no_category"
PRIORITIES = ("study", "life", "activity", "safety", NONE)
GOALS = ("love", "protection", "teaching", "help", NONE)


class Category(NamedTuple):
    """The priority (学习 生活 活动 安全) and the goal (爱 护 教 帮) that something serves."""

    priority: str
    goal: str


# What a plan calls its services.
SERVICES: Mapping[str, Category] = {
    "study": Category("study", "teaching"),
    "life": Category("life", "protection"),
    "activity": Category("activity", "love"),
    "safety": Category("safety", "protection"),
    "nutrition": Category("life", "protection"),
    "self_care": Category("life", "teaching"),
    "psychological_support": Category(NONE, "love"),
    "guardianship_support": Category(NONE, "protection"),
    "family_education": Category(NONE, "teaching"),
    "guardianship_capacity": Category(NONE, "protection"),
    "family_relations": Category(NONE, "love"),
    "health_care": Category("life", "protection"),
    "funding": Category("life", "help"),
    "legal_aid": Category("safety", "help"),
}
# Records of something done for the child. What is not in here is no service: a result, a card.
KINDS: Mapping[str, Category] = {
    "tutoring": Category("study", "teaching"),
    "companionship": Category(NONE, "love"),
    "host_stay": Category("life", "love"),
    "birthday": Category("activity", "love"),
    "activity": Category("activity", "love"),
    "group_attendance": Category(NONE, NONE),
    "talk": Category(NONE, "love"),
    "counselling": Category(NONE, "love"),
    "home_visit": Category(NONE, "protection"),
    "guardian_contact": Category(NONE, "protection"),
    "family_call": Category(NONE, "love"),
    "family_reunion": Category(NONE, "love"),
    "letter": Category(NONE, "love"),
    "parent_interview": Category(NONE, "love"),
    "parent_contact": Category(NONE, "love"),
    "health_check": Category("life", "protection"),
    "treatment": Category("life", "protection"),
    "temporary_care": Category("safety", "protection"),
    "pledge": Category("safety", "protection"),
    "responsibility_letter": Category("safety", "protection"),
    "in_kind_aid": Category("life", "help"),
    "disbursement": Category("life", "help"),
    "referral": Category(NONE, "help"),
    "legal_aid": Category("safety", "help"),
}
COMPANY: Mapping[str, str] = {
    "homework": "study", "meal": "life", "shopping": "life", "care": "life", "outing": "activity",
    "play": "activity", "celebration": "activity",
}  # fmt: skip
LESSONS: Mapping[str, Category] = {
    "safety_class": Category("safety", "teaching"),
    "psychology_class": Category(NONE, "love"),
    "class_meeting": Category(NONE, "teaching"),
    "lecture": Category("study", "teaching"),
    "training": Category("study", "teaching"),
    "reading": Category("study", "teaching"),
    "interest_group": Category("activity", "teaching"),
}
FUN = (
    "gathering", "home_session", "social_practice", "outing", "birthday_party", "film", "broadcast",
    "festival", "activity",
)  # fmt: skip


def category_of(slug: str, rec: Record) -> Category | None:
    """None if the record is of no service. Some kinds say themselves what they were for."""
    usual = KINDS.get(slug)
    if usual is None or not rec.reaches():
        return None
    match rec:
        case CompanionshipProvided():
            return usual._replace(priority=COMPANY.get(rec.form, NONE))
        case ActivityParticipated() if rec.activity == "reading":
            return Category("study", "teaching")
        case PledgeSigned() if rec.pledge == "self_discipline":
            return Category(NONE, "teaching")
        case GroupSessionAttended():
            return of_session(rec.session_kind)
    return usual


def of_session(kind: str) -> Category:
    if kind in FUN:
        return Category("activity", "love")
    return LESSONS.get(kind, Category(NONE, NONE))
