"""A policy with a sound form can still ask for what cannot be: that is found before it is adopted."""

import pytest

from services.casefile.domain.catalogue import catalogue
from services.casefile.policies.checking import check
from tests.casefile.policies.written import LAST_LINE, SOUND, read, spoilt, told, with_line

AT = LAST_LINE + 1
TALK = "kinds: [talk]"
SHAPE = "{shape: calendar, every: month}"
ROLE = "    role: class_teacher\n"


def found(text: str) -> list[tuple[int, int, str, str]]:
    return [told(fault) for fault in check(read(text), catalogue())]


def shaped(shape: str, more: str = "") -> str:
    """The rule with another shape; its place in line 9 begins at column 12."""
    return spoilt(SHAPE, shape) + (f"    {more}\n" if more else "")


def test_a_sound_policy_has_no_fault():
    assert found(SOUND) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (spoilt(TALK, "kinds: [talk, home_vist]"), (10, 19, "rules[0].kinds[1]", "There is no kind of record home_vist.")),
        (spoilt(TALK, "kinds: [zzz]"), (10, 13, "rules[0].kinds[0]", "There is no kind of record zzz.")),
        (spoilt(TALK, "kinds: [hazard]"), (10, 13, "rules[0].kinds[0]", "hazard is not a record of a case.")),
        (spoilt(TALK, "kinds: [group_session]"), (10, 13, "rules[0].kinds[0]", "group_session is not a record of a case.")),
        (spoilt(TALK, "kinds: [correction]"), (10, 13, "rules[0].kinds[0]", "correction is not something that people do and record.")),
        (spoilt(TALK, "kinds: [obligation_missed]"), (10, 13, "rules[0].kinds[0]", "obligation_missed is not something that people do and record.")),
        (spoilt(TALK, "kinds: [talk, talk]"), (10, 12, "rules[0].kinds", "talk is named twice.")),
        (spoilt("role: class_teacher", "role: class_techer"), (11, 11, "rules[0].role", "There is no role class_techer.")),
        (with_line("performers: [principal]"), (AT, 18, "rules[0].performers[0]", "There is no role principal.")),
        (SOUND + "escalation:\n  - {at: due, to: [acountable]}\n", (AT + 1, 20, "escalation[0].to[0]", "There is no role acountable.")),
        (with_line("applies: {population: [leftbehind]}"), (AT, 28, "rules[0].applies.population[0]", "leftbehind is not one of the codes.")),
        (with_line("applies: {care_level: [high]}"), (AT, 28, "rules[0].applies.care_level[0]", "high is not one of the codes.")),
        (with_line("applies: {school_status: [enroled]}"), (AT, 31, "rules[0].applies.school_status[0]", "enroled is not one of the codes.")),
        (with_line("applies: {boarding: [boarding, boarding]}"), (AT, 25, "rules[0].applies.boarding", "boarding is named twice.")),
        (with_line("applies: {unit_kind: [school]}"), (AT, 26, "rules[0].applies.unit_kind", "A child has no kind of unit.")),
        (with_line("requires: {mod: low}"), (AT, 21, "rules[0].requires.mod", "talk has no field mod, so it would never count.")),
        (with_line("requires: {mood: happy}"), (AT, 22, "rules[0].requires.mood", "talk never has happy in mood.")),
        (with_line("requires: {minutes: long}"), (AT, 25, "rules[0].requires.minutes", "talk never has long in minutes.")),
        (with_line("requires: {minutes: 0}"), (AT, 25, "rules[0].requires.minutes", "talk never has 0 in minutes.")),
        (
            spoilt(TALK, "kinds: [family_call]") + "    requires: {line: '13800138000'}\n",
            (AT, 22, "rules[0].requires.line", "family_call never has … in line."),
        ),
        (with_line("requires: {note: 谈}"), (AT, 22, "rules[0].requires.note", "note of talk cannot be compared.")),
        (with_line("requires: {domains: study}"), (AT, 25, "rules[0].requires.domains", "domains of talk cannot be compared.")),
        (with_line("requires: {mood: []}"), (AT, 22, "rules[0].requires.mood", "It asks for nothing.")),
    ],
)  # fmt: skip
def test_every_word_is_one_that_the_records_have(text: str, fault: tuple[int, int, str, str]):
    assert found(text) == [fault]


@pytest.mark.parametrize(
    "line",
    [
        "requires: {note: present, mood: [low, anxious], minutes: 20}",
        "applies: {population: [left_behind], special_status: [orphan], priority: true}",
        "performers: [assigned, mentor]",
    ],
)
def test_words_that_the_records_have_are_no_fault(line: str):
    assert found(with_line(line)) == []


def test_of_several_kinds_each_needs_one_of_the_values_and_each_value_one_kind():
    kinds = spoilt(TALK, "kinds: [family_call, parent_contact]")

    assert found(f"{kinds}    requires: {{mode: [phone, wechat, letter]}}\n") == []
    assert found(f"{kinds}    requires: {{mode: wechat}}\n") == [
        (AT, 22, "rules[0].requires.mode", "parent_contact never has wechat in mode.")
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (spoilt(ROLE, ""), (7, 5, "rules[0]", "It does not say whose duty it is.")),
        (with_line("obligor: parent"), (11, 11, "rules[0].role", "What parents owe is not the duty of a staff role.")),
        (spoilt(ROLE, "    obligor: parent\n    performers: [assigned]\n"), (12, 17, "rules[0].performers", "`assigned` means whoever has `role` for a child, and here is none.")),
        (with_line("subject: worker"), (7, 5, "rules[0]", "A rule for workers says how many children it wants.")),
        (with_line("distinct_children: 3"), (AT, 24, "rules[0].distinct_children", "Only a rule for workers counts different children.")),
        (with_line("never_waivable: true"), (AT, 21, "rules[0].never_waivable", "A rule that nobody may waive says why.")),
        (shaped("{shape: by_level, every: {}}"), (9, 37, "rules[0].shape.every", "It names no level.")),
        (shaped("{shape: by_level, every: {kay: month}}"), (9, 43, "rules[0].shape.every.kay", "There is no care level kay.")),
        (shaped("{shape: by_level, level: risk, every: {key: month}}"), (9, 56, "rules[0].shape.every.key", "There is no risk level key.")),
    ],
)  # fmt: skip
def test_who_owes_it_to_whom_is_clear(text: str, fault: tuple[int, int, str, str]):
    assert found(text) == [fault]


def test_a_rule_of_units_asks_for_what_units_have():
    unit = spoilt(TALK, "kinds: [self_inspection]") + "    subject: unit\n"

    assert found(unit + "    applies: {unit_kind: [school]}\n") == []
    assert found(unit + "    applies: {boarding: [boarding]}\n") == [
        (AT + 1, 25, "rules[0].applies.boarding", "A unit has no boarding.")
    ]
    assert found(unit + "    performers: [assigned]\n") == [
        (AT + 1, 17, "rules[0].performers", "`assigned` means whoever has `role` for a child, and here is none.")
    ]  # fmt: skip
    assert found(unit.replace(SHAPE, "{shape: by_level, every: {key: month}}")) == [
        (9, 20, "rules[0].shape.shape", "A unit has no level.")
    ]


def test_a_quota_is_counted_by_calendar_windows():
    quota = "subject: worker\n    distinct_children: 3"

    assert found(with_line(quota)) == []
    assert found(with_line(f"{quota}\n    least: 3")) == [
        (AT + 2, 12, "rules[0].least", "A rule for workers counts children, not times.")
    ]
    assert found(shaped("{shape: interval, days: 7}", quota)) == [
        (9, 20, "rules[0].shape.shape", "What workers owe is counted by calendar windows only.")
    ]


def test_a_level_that_applies_leaves_out_contradicts_it():
    text = shaped("{shape: by_level, every: {key: month, universal: quarter}}")

    assert found(f"{text}    applies: {{care_level: [key, case_service]}}\n") == [
        (9, 61, "rules[0].shape.every.universal", "`applies` leaves out the level universal, so this never holds."),
        (AT, 27, "rules[0].applies.care_level", "`applies` names the level case_service, and `every` has no window for it."),
    ]  # fmt: skip


def test_two_rules_have_two_codes_and_ask_two_things():
    rule = SOUND[SOUND.index("  - code") :]
    other = rule.replace("talk.class_teacher", "talk.other").replace("每月谈心", "谈心")

    assert [fault[2:] for fault in found(SOUND + rule)] == [
        ("rules[0].code", "Another rule has the code talk.class_teacher."),
        ("rules[1].code", "Another rule has the code talk.class_teacher."),
    ]
    assert found(SOUND + other) == [
        (AT, 5, "rules[1]", "It asks the same as the rule talk.class_teacher.")
    ]
    assert found(SOUND + other.replace("month", "quarter")) == []
