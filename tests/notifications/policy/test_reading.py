from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from services.casefile.domain.families.codes import StaffRole
from services.notifications.policy.faults import LadderNotUsable
from services.notifications.policy.ladder import Role
from services.notifications.policy.reading import Loader, default_ladder, default_text, read_ladder
from services.notifications.policy.schema import ladder_schema, written

SHIPPED = Path(__file__).parents[3] / "schemas/notifications/ladder.v1.schema.json"


def faults(text):
    with pytest.raises(LadderNotUsable) as refused:
        read_ladder(text)
    return refused.value.faults


def test_the_ladder_that_is_shipped_is_good_and_fits_its_schema():
    assert default_ladder().ladder == "default"
    jsonschema.validate(yaml.load(default_text(), Loader), ladder_schema())


def test_the_schema_that_is_shipped_is_that_of_the_types():
    assert SHIPPED.read_bytes() == written()


def test_roles_are_the_same_as_casefile_s():
    assert set(Role.__args__) == set(StaffRole.__args__)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('"21:00"', '"25:00"', "quiet_hours.since"),
        ('"07:30"', '"06:30"', "digest_at"),
        ("code: due,", "code: overdue,", "staff[1].code"),
        ("offset_days: -3", "offset_days: 3", "staff[0].offset_days"),
        ("at: missed, offset_days: 3", "at: missed, offset_days: -3", "staff[6].offset_days"),
        ("at: overdue,", "at: overdue, offset_days: 3,", "staff[2].offset_days"),
        ("at: missed, to: [class_teacher]}", "at: missed, to: [accountable]}", "parents[0].to"),
        ("on: emergency,", "on: emergancy,", "safety[0].on"),
        ("on: mandatory_report,", "on: emergency,", "safety"),
        ("[serious, critical, fatal]", "[serious, critical]", "safety"),
        ("[school_lead]", "[headmaster]", "staff[6].to[0]"),
        ("version: 1", "version: one", "version"),
        ("most_per_role: 3", "most_per_role: 3\nmost_per_roll: 3", ""),
        ("digest_at:", "title: x\ndigest_at:", "title"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(old, new, where):
    text = default_text().replace(old, new, 1)
    found = faults(text)
    assert where in [fault.where for fault in found]
    assert all(fault.line >= 1 and fault.remedy for fault in found)


@pytest.mark.parametrize(
    "text",
    ["", "# nothing", "a: [", "- 1", "a: &x 1\nb: *x", "a: !!python/object:os.system x", "a: 1\n---\nb: 2",
     "[" * 50, "x" * 200_000, b"\xff\xfe\x00", "a: \x07"],
)  # fmt: skip
def test_what_is_no_ladder_is_refused_with_a_line_and_a_remedy(text):
    assert all(fault.line >= 1 and fault.remedy for fault in faults(text))


@settings(deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_is_a_ladder_or_has_faults(text):
    assert faults(text)
