"""R18: what is known of each child: five clears, their file version, four know-wells."""

from datetime import date
from typing import Any
from uuid import UUID

from services.casefile.labels import labels
from services.casefile.reports.knowing import PROFILES
from services.casefile.reports.report import Share, Suppressed
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import OPERATOR, drawn, row, rows

DAY = "2025-09-01"
PHONE = "13900000001"


def told_all(past: Bygone, child: UUID) -> None:
    """Everything the three profiles ask for."""
    past.told(
        child, "profile", DAY, character="内向", hobbies="画画", psychology="平稳",
        self_care="independent", health="良好", medical_history="无", family="父母外出，随奶奶生活",
        home_address="柳湾村三组", conduct="守纪律",
    )  # fmt: skip
    past.told(
        child, "contact_card", DAY, verified_with=["guardian"], outcome="first",
        mother={"name": "禾某", "phone": PHONE, "work_place": "东莞"},
        guardian={"name": "禾奶奶", "phone": PHONE},
    )  # fmt: skip
    past.told(child, "academic_result", DAY, term="2024-2025-2", attainment="good")


def of(past: Bygone, child: UUID, **asked: Any) -> dict[str, Any]:
    return row(drawn(past, "R18", unit="county-1", **asked), "children", case=child)


def test_everything_that_is_asked_is_known_of_a_child_with_a_full_file(past: Bygone):
    child = past.opened(DAY)
    told_all(past, child)
    past.write()

    found = of(past, child)

    scores = [found[name] for name in ("five_clears", "five_clears_file", "four_know_wells")]
    assert scores == [Share(5, 5), Share(5, 5), Share(4, 4)]
    assert found["missing"] is None


def test_what_is_missing_is_named(past: Bygone):
    bare = past.opened(DAY)
    child = past.opened(DAY)
    told_all(past, child)
    past.told(bare, "profile", DAY, character="开朗", home_address="柳湾村一组")
    past.write()

    found = of(past, bare)

    assert (found["five_clears"], found["five_clears_file"]) == (Share(1, 5), Share(1, 5))
    assert found["four_know_wells"] == Share(0, 4)
    assert '"character_and_interests"' in found["missing"]
    assert '"basics"' not in found["missing"]
    [first, *_] = rows(drawn(past, "R18", unit="county-1"), "children")
    assert first["case"] == bare


def test_each_criterion_is_met_by_what_it_names_and_by_nothing_else(past: Bygone):
    """Each record gives exactly the criteria that are named beside it."""
    says: dict[str, tuple[str, dict[str, Any]]] = {
        "character_and_interests character_and_hobbies": (
            "profile", {"character": "内向", "interests": "看书"}),
        "state_of_health": ("profile", {"health": "良好"}),
        "state_of_health medical_history": ("medical_history", {"told_by": "guardian"}),
        "parents_contacts": ("contact_card", {
            "verified_with": ["child"], "outcome": "first", "father": {"phone": PHONE}}),
        "guardian_contacts temporary_guardian": ("delegated_care", {
            "parents": ["father", "mother"], "delegate_name": "禾某", "relation": "uncle_or_aunt",
            "starts_on": DAY, "delegate_phone": PHONE}),
        "temporary_guardian": ("guardian", {"guardian_type": "grandparent", "name": "禾某"}),
        "family_situation": ("home_visit", {"met": ["child"], "living": "fair"}),
        "thoughts": ("profile", {"conduct": "守纪律"}),
        "daily_behaviour": ("profile", {"self_care": "with_help"}),
    }  # fmt: skip
    children = {past.opened(DAY): codes.split() for codes in says}
    for child, (kind, body) in zip(children, says.values(), strict=True):
        past.told(child, kind, DAY, **body)
    past.write()

    criteria = {each.code for profile in PROFILES for each in profile.criteria}
    for child, codes in children.items():
        known = {code for code in criteria if f'"{code}"' not in of(past, child)["missing"]}
        assert known == {"name_sex_age", *codes}


def test_who_has_no_parents_and_who_is_not_at_school_is_not_asked_for_them(past: Bygone):
    orphan, infant = past.opened(DAY), past.opened(DAY, grade=-1)
    past.told(orphan, "special_status", DAY, special_status="orphan", holds=True,
              basis="certificate")  # fmt: skip
    past.write()

    scores = of(past, orphan)

    assert (scores["five_clears"].whole, scores["five_clears_file"].whole) == (4, 4)
    assert "parents_contacts" not in scores["missing"]
    assert of(past, infant)["four_know_wells"] == Share(0, 3)


def test_care_that_was_entrusted_until_a_day_is_not_known_after_it(past: Bygone):
    child = past.opened(DAY)
    past.told(
        child, "delegated_care", DAY, parents=["mother"], delegate_name="禾某",
        relation="neighbour", starts_on=DAY, ends_on="2025-10-31",
    )  # fmt: skip
    past.write()

    before, after = (
        of(past, child, as_of=date.fromisoformat(text)) for text in ("2025-10-31", "2025-11-01")
    )

    assert "temporary_guardian" not in before["missing"]
    assert "temporary_guardian" in after["missing"]


def test_a_unit_is_so_many_of_so_many_by_criterion_and_in_all(past: Bygone):
    for full in (True, True, False):
        child = past.opened(DAY, village=None)
        if full:
            told_all(past, child)
    other = past.opened(DAY, school="school-2", class_unit=None, village=None)
    told_all(past, other)
    past.write()

    report = drawn(past, "R18", unit="town-1")

    def share(place: str | None) -> Share:
        found = row(report, "criteria", dimension="guardian_contacts", branch=place)["share"]
        assert isinstance(found, Share)
        return found

    assert [share(place) for place in (None, "school-1", "school-2")] == [
        Share(3, 4), Share(2, 3), Share(1, 1),
    ]  # fmt: skip
    assert row(report, "units", branch="school-1")["five_clears"] == Share(10, 15)
    sources = {each["profile"]: each["source"] for each in rows(report, "criteria")}
    assert sources == {
        "five_clears": "S1§20", "five_clears_file": "S1§3 S1§26", "four_know_wells": "S1§19",
    }  # fmt: skip


def test_no_value_of_a_child_is_in_the_report(past: Bygone):
    child = past.opened(DAY)
    told_all(past, child)
    past.write()

    report = drawn(past, "R18", unit="county-1")

    text = str([rows(report, each.name) for each in report.tables])
    assert not any(value in text for value in ("禾", PHONE, "画画", "东莞", "内向"))


def test_whoever_may_not_read_cases_sees_shares_only(past: Bygone):
    for _ in range(7):
        told_all(past, past.opened(DAY))
    for _ in range(2):
        past.opened(DAY)
    past.write()

    report = drawn(past, "R18", OPERATOR, unit="county-1")

    assert [each.name for each in report.tables] == ["criteria"]
    shares = {each["dimension"]: each["share"] for each in rows(report, "criteria")}
    assert shares["name_sex_age"] == Share(9, 9)
    assert shares["guardian_contacts"] == Suppressed(5)


def test_every_criterion_has_a_name_in_chinese():
    words = labels("zh")

    codes = [each.code for profile in PROFILES for each in profile.criteria]

    assert all(words.code("criterion", code) != code for code in codes)
