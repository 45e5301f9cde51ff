"""A county whose figures are known beforehand: those of the survey of 250 children, and of a school."""

from itertools import cycle
from uuid import UUID

from tests.casefile.history.bygone import Bygone

DAY = "2025-09-01"


def surveyed_county(past: Bygone) -> list[UUID]:
    """250 children: 247 of rural households, 108 under seven, 76 poor, 144 with grandparents.

    Their results: 34 excellent, 51 good, 165 fair or weak.
    """
    children = []
    sexes = cycle(("female", "male"))
    for number in range(250):
        born = 2020 if number < 108 else 2014
        child = past.opened(
            DAY, sex=next(sexes), birth_year=born, birth_date=f"{born}-03-01", grade=3
        )
        children.append(child)
        hukou = "agricultural" if number < 247 else "non_agricultural"
        past.told(child, "profile", DAY, hukou=hukou)
        if number < 76:
            past.told(child, "difficulty", DAY, categories=["family_poverty"])
        guardian = "grandparent" if number < 144 else "parent_single"
        past.told(child, "guardian", DAY, guardian_type=guardian, name="禾某")
        attained = "excellent" if number < 34 else "good" if number < 85 else "fair"
        past.told(child, "academic_result", DAY, term="2024-2025-2", attainment=attained)
    past.write()
    return children


def surveyed_school(past: Bygone) -> None:
    """155 pupils, of whom 17 are left behind: 8 boys and 9 girls, all on file."""
    from services.casefile.domain.stream_ids import unit_stream

    for number in range(17):
        past.opened(DAY, sex="male" if number < 8 else "female", school="school-2",
                    class_unit=None, village=None)  # fmt: skip
    past.told(
        unit_stream("school-2"), "baseline_survey", DAY, campaign="autumn-2025",
        method="school_roll", started_on=DAY, ended_on=DAY, children=155, left_behind=17,
    )  # fmt: skip
    past.write()
