"""A policy is read from YAML, and whatever is wrong with its form is said at its line and column."""

from datetime import date

import pytest

from services.casefile.domain.cadence.shapes import CalendarShape, DatedShape
from services.casefile.policies.faults import MOST
from services.casefile.policies.nodes import MAX_BYTES
from services.casefile.policies.reading import document_of, write_policy
from tests.casefile.policies.written import (
    LAST_LINE,
    SOUND,
    faults_in,
    policy,
    read,
    spoilt,
    told,
    with_line,
)

AT = LAST_LINE + 1


def test_a_sound_policy_is_read():
    read_policy = policy()

    assert (read_policy.policy, read_policy.version) == ("our-school", 1)
    assert read_policy.effective_from == date(2026, 9, 1)
    assert read_policy.rules[0].shape == CalendarShape(every="month")


def test_a_policy_is_read_from_json_too():
    text = (
        '{"policy": "our-school", "version": 1, "title": "谈心", "effective_from": "2026-09-01", '
        '"approved_by": "leading-group", "rules": [{"code": "talk", "title": "谈心", '
        '"shape": {"shape": "calendar", "every": "month"}, "kinds": ["talk"], '
        '"role": "class_teacher"}]}'
    )

    assert policy(text).rules[0].kinds == ("talk",)


@pytest.mark.parametrize("text", ["\ufeff" + SOUND, SOUND.replace("\n", "\r\n"), SOUND.encode()])
def test_how_an_editor_saves_it_does_not_matter(text: str):
    assert read(text).policy == policy()


def test_what_yaml_guesses_stays_as_it_was_written():
    text = spoilt("every: month}", "every: month}\n    requires: {line: on, mode: no, title: 1:30}")

    assert policy(text).rules[0].requires == {"line": "on", "mode": "no", "title": "1:30"}


def test_days_of_a_dated_shape_need_no_quotes():
    text = spoilt("{shape: calendar, every: month}", "{shape: dated, by: [12-30, 2026-11-30]}")

    assert policy(text).rules[0].shape == DatedShape(by=("12-30", "2026-11-30"))


def test_what_is_written_reads_the_same():
    text = with_line("requires: {line: 'true', minutes: 20, mode: [a, b]}")
    document = document_of(policy(text), "adopted")

    assert document.policy == policy(text)
    assert write_policy(document.policy) == write_policy(policy(text))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (spoilt("version: 1", 'version: "1"'), (2, 10, "version", "Here a whole number is wanted.")),
        (spoilt("version: 1", "version: 0"), (2, 10, "version", "This is smaller than 1.")),
        (spoilt("version: 1", "version: 10000"), (2, 10, "version", "This is larger than 9999.")),
        (spoilt("2026-09-01", "2026-09-31"), (4, 17, "effective_from", "This is not a possible date.")),
        (spoilt("2026-09-01", "20260901"), (4, 17, "effective_from", "This is not a possible date.")),
        (spoilt("our-school", "Our School"), (1, 9, "policy", "This does not have the form of policy.")),
        (spoilt("leading-group", "7"), (5, 14, "approved_by", "Here a text is wanted.")),
        (spoilt("[talk]", "talk"), (10, 12, "rules[0].kinds", "Here a list is wanted.")),
        (spoilt("[talk]", "[]"), (10, 12, "rules[0].kinds", "This is empty.")),
        (
            spoilt("[talk]", "[talk, Talk!]"),
            (10, 19, "rules[0].kinds[1]", "This does not have the form of kinds."),
        ),
        (
            spoilt("month", "moth"),
            (9, 37, "rules[0].shape.every", "moth is not one of the codes."),
        ),
        (
            spoilt("shape: calendar, every", "shape: calender, every"),
            (9, 20, "rules[0].shape.shape", "calender is not one of the codes."),
        ),
        (
            spoilt("{shape: calendar, every: month}", "month"),
            (9, 12, "rules[0].shape", "Here a group of fields is wanted."),
        ),
        (
            spoilt("shape: calendar, ", ""),
            (9, 12, "rules[0].shape", "It does not say which shape its windows have."),
        ),
        (spoilt("    kinds: [talk]\n", ""), (7, 5, "rules[0]", "The field kinds is missing.")),
        (spoilt("version: 1\n", ""), (1, 1, "", "The field version is missing.")),
        (with_line("example: yes"), (AT, 14, "rules[0].example", "Here yes or no is wanted.")),
        (with_line("grace: {days: 5 days}"), (AT, 19, "rules[0].grace.days", "Here a whole number is wanted.")),
        (with_line("gracee: {days: 5}"), (AT, 5, "rules[0].gracee", "There is no field gracee here.")),
        (with_line("role: mentor"), (AT, 5, "rules[0].role", "role is written twice.")),
        (with_line("least: 366000000000000000000"), (AT, 12, "rules[0].least", "Here a whole number is wanted.")),
        (with_line("? [a]\n    : b"), (AT, 7, "rules[0]", "This is not a name of a field.")),
        (
            spoilt("每月谈心\n    shape", "联系 13800138000\n    shape"),
            (8, 12, "rules[0].title", "This is longer than one line, or has a phone or ID number in it."),
        ),
    ],
)  # fmt: skip
def test_a_fault_of_form_is_said_where_it_stands(text: str, fault: tuple[int, int, str, str]):
    assert [told(f) for f in faults_in(text)] == [fault]


def test_every_fault_is_said_and_not_only_the_first():
    text = spoilt("version: 1", "version: one").replace("month", "moth").replace("[talk]", "{}")

    assert [fault.line for fault in faults_in(text + "colour: red\n")] == [2, 9, 10, 12]


@pytest.mark.parametrize("title", ["a\\nb", "a\\n", "a\\0b", "a\\u2028b", "a\\n13800138000"])
def test_a_title_is_one_line(title: str):
    [fault] = faults_in(spoilt("title: 班主任每月谈心", f'title: "{title}"'))

    assert told(fault)[:3] == (3, 8, "title")


@pytest.mark.parametrize(
    ("text", "like"),
    [
        (with_line("performer: [mentor]"), "Did you mean performers?"),
        (spoilt("month", "months"), "Did you mean month?"),
        (spoilt("shape: calendar, every", "shape: calender, every"), "Did you mean calendar?"),
    ],
)
def test_what_was_probably_meant_is_offered(text: str, like: str):
    assert [fault.remedy for fault in faults_in(text)] == [like]


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("", (1, 1), "There is no policy here."),
        ("# only a remark\n", (1, 1), "There is no policy here."),
        ("policy：our-school", (1, 1), "Here a group of fields is wanted."),
        (f"{SOUND}---\n{SOUND}", (12, 1), "There are several documents in one file."),
        (spoilt("[talk]", "&k [talk]"), (10, 12), "Anchors and aliases (& and *) are not used here."),
        (spoilt("version: 1", "version: *one"), (2, 10), "Anchors and aliases (& and *) are not used here."),
        (spoilt("[talk]", "!!python/name:os.system [talk]"), (10, 12), "Tags (!) are not used here."),
        (spoilt("version: 1", "version: !!int 1"), (2, 10), "Tags (!) are not used here."),
        ("[" * 100_000, (1, 13), "This is nested too deeply."),
        ("a: " * 50_000, None, "This is not YAML"),
        ("a" * (MAX_BYTES + 1), (1, 1), "The document is larger than 256 KiB."),
        (SOUND.encode("gb18030"), (3, 1), "The document is not UTF-8 text."),
        ("policy: \ud800", (1, 1), "The document is not UTF-8 text."),
        ("a: b\nc: \x07", (2, 1), "This is not YAML: it has a control character."),
    ],
)  # fmt: skip
def test_what_is_no_plain_document_is_refused(text, place, problem: str):
    [fault] = faults_in(text)

    assert fault.problem.startswith(problem)
    assert place is None or (fault.line, fault.column) == place


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (spoilt("[talk]", "[talk"), 11),
        (spoilt("version: 1", "\tversion: 1"), 2),
        (spoilt("title: 班主任每月谈心", "title: %谈心"), 3),
        (spoilt("version: 1", "version: 1: 2"), 2),
    ],
)
def test_a_slip_in_the_yaml_is_said_at_its_line(text: str, line: int):
    [fault] = faults_in(text)

    assert (fault.line, fault.where) == (line, "")
    assert fault.problem.startswith("This is not YAML: ")


def test_a_flood_of_faults_stops_somewhere():
    text = SOUND + "".join(f"field{n}: 1\n" for n in range(5 * MOST))

    assert len(faults_in(text)) == MOST


def test_a_number_of_somebody_is_not_repeated():
    for fault in faults_in(with_line("'13800138000': 13800138000") + "x13800138000: 1\n"):
        assert "13800138000" not in fault.where + fault.problem + fault.remedy
