"""Code lists that several families share. A code is never renamed."""

from typing import Annotated, Literal

from msgspec import Meta

Parents = Literal["father", "mother", "both"]
Month = Annotated[str, Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]

Occasion = Literal[
    "spring_festival", "lantern_festival", "tomb_sweeping", "labour_day", "childrens_day",
    "dragon_boat", "mid_autumn", "teachers_day", "national_day", "double_ninth", "new_year",
    "birthday", "elders_birthday", "farming_season", "summer_holiday", "winter_holiday",
    "term_start", "mid_term", "term_end", "other",
]  # fmt: skip

Topic = Literal[
    "study", "life", "emotion", "friendship", "body", "behaviour", "morals", "safety",
    "drowning", "traffic", "fire", "bullying", "abduction", "fraud", "internet", "law",
    "mental_health", "puberty", "family_education", "money", "self_care", "festival", "other",
]  # fmt: skip

StaffRole = Literal[
    "child_director", "child_supervisor", "class_teacher", "subject_teacher", "life_teacher",
    "mentor", "records_officer", "school_lead", "social_worker", "grid_worker", "counsellor",
    "village_cadre", "volunteer", "liaison", "county_civil_affairs", "county_education",
    "women_federation", "youth_league", "inspector", "adviser",
]  # fmt: skip

Scheme = Literal[
    "two_exemptions_one_subsidy", "compulsory_education_guarantee", "minimum_living",
    "temporary_relief", "hardship_relief", "orphan_allowance",
    "de_facto_unsupported_allowance", "disability_allowance", "medical_relief", "sponsorship",
    "spring_bud", "visit_gift", "personal", "lottery_project", "school_fund", "donation",
]  # fmt: skip

Payer = Literal[
    "civil_affairs", "education", "finance", "township", "village", "school",
    "women_federation", "youth_league", "next_generation_committee", "lottery_fund",
    "foundation", "enterprise", "social_organisation", "sponsor", "staff_member",
]  # fmt: skip

# When honours are given: on June 1st, and when the year is over.
HonourOccasion = Literal["childrens_day", "year_end", "other"]

Rhythm = Literal["once", "monthly", "per_term", "yearly"]
