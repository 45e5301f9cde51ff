"""Commands against a real log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

import msgspec
import pytest

from services.casefile.application.batching import Item
from services.casefile.application.decision import KeyReused, VersionMoved
from services.casefile.application.submissions import NotOfItsForm
from services.casefile.composition import Parts
from services.casefile.domain.refusals import (
    AlreadyAnnulled,
    CaseNotFound,
    ChildAlreadyOnFile,
    NotOnFile,
    RecordIdTaken,
    StaffNotFound,
    UnitNotFound,
    UnknownKind,
)
from services.casefile.history.view import Moment
from tests.casefile.world import child, context, open_child

TALK = {"occurred_on": "2026-11-18", "mood": "calm", "note": "谈到期中考试"}
ID_NUMBER = "990102201503010023"


def test_a_recorded_talk_stands_in_the_child_s_history(casefile: Parts):
    case_id = open_child(casefile)

    receipt = casefile.casefile.record(case_id, "talk", TALK, context())

    first = casefile.history.timeline(case_id)["rows"][0]
    assert first["record_id"] == receipt.record_id
    assert first["fields"]["note"] == "谈到期中考试"
    assert first["lag_days"] >= 0


def test_nothing_personal_is_stored_in_the_clear(casefile: Parts):
    case_id = open_child(casefile, name="禾苗乙")

    casefile.casefile.record(case_id, "talk", TALK, context())

    stored = b"".join(state for *_, state, _ in casefile.recorder.page(0, 1000))
    assert "禾苗乙".encode() not in stored
    assert "期中".encode() not in stored
    assert b"2015-03-01" not in stored


def test_a_repeated_command_gets_its_first_answer(casefile: Parts):
    case_id = open_child(casefile)
    keyed = context(claim_key=b"k" * 32, fingerprint=b"f" * 32)

    first = casefile.casefile.record(case_id, "talk", TALK, keyed)
    again = casefile.casefile.record(case_id, "talk", TALK, keyed)

    assert msgspec.structs.replace(again, is_replay=False) == first
    assert again.is_replay
    assert casefile.history.timeline(case_id)["total"] == 2


def test_a_key_used_for_another_body_is_refused(casefile: Parts):
    case_id = open_child(casefile)
    casefile.casefile.record(
        case_id, "talk", TALK, context(claim_key=b"k" * 32, fingerprint=b"f" * 32)
    )

    with pytest.raises(KeyReused):
        casefile.casefile.record(
            case_id, "talk", TALK, context(claim_key=b"k" * 32, fingerprint=b"g" * 32)
        )


def test_a_repeated_closure_gets_its_first_answer_though_the_case_is_closed(casefile: Parts):
    case_id = open_child(casefile)
    body = {"occurred_on": "2026-11-19", "reason": "moved_away"}
    keyed = context(claim_key=b"c" * 32, fingerprint=b"f" * 32)

    first = casefile.casefile.record(case_id, "closure", body, keyed)
    again = casefile.casefile.record(case_id, "closure", body, keyed)

    assert again.position == first.position


def test_the_same_record_id_with_the_same_content_is_one_record(casefile: Parts):
    case_id = open_child(casefile)
    body = TALK | {"record_id": str(uuid4())}

    first = casefile.casefile.record(case_id, "talk", body, context())
    again = casefile.casefile.record(case_id, "talk", body, context())

    assert again.version == first.version


def test_the_same_record_id_with_other_content_is_refused(casefile: Parts):
    case_id = open_child(casefile)
    body = TALK | {"record_id": str(uuid4())}
    casefile.casefile.record(case_id, "talk", body, context())

    with pytest.raises(RecordIdTaken):
        casefile.casefile.record(case_id, "talk", body | {"note": "另一件事"}, context())


def test_a_child_is_on_file_once(casefile: Parts):
    first = open_child(casefile, resident_id=ID_NUMBER)

    with pytest.raises(ChildAlreadyOnFile) as refusal:
        open_child(casefile, name="禾苗丙", resident_id=ID_NUMBER)

    assert refusal.value.case_id == first


def test_an_unknown_area_code_is_warned_of(casefile: Parts):
    receipt = casefile.casefile.open_case(child(resident_id=ID_NUMBER), context())

    assert receipt.warnings == ("resident_id_area_unknown",)


def test_a_correction_shows_the_old_value_and_the_new_one(casefile: Parts):
    case_id = open_child(casefile)
    talk = casefile.casefile.record(case_id, "talk", TALK, context())

    casefile.casefile.correct(
        case_id,
        {
            "target": str(talk.record_id),
            "changes": {"note": "谈到期末考试", "occurred_on": "2026-11-17"},
            "reason": "写错",
        },
        context(),
    )

    shown = casefile.history.record(case_id, talk.record_id)
    changes = {c["field"]: (c["from"], c["to"]) for c in shown["amendments"][0]["changes"]}
    assert shown["fields"]["note"] == "谈到期末考试"
    assert changes["note"] == ("谈到期中考试", "谈到期末考试")
    assert changes["occurred_on"] == (date(2026, 11, 18), "2026-11-17")


def test_a_correction_of_the_id_number_frees_the_old_one(casefile: Parts):
    receipt = casefile.casefile.open_case(child(resident_id=ID_NUMBER), context())

    casefile.casefile.correct(
        receipt.case_id,
        {
            "target": str(receipt.record_id),
            "changes": {"resident_id": "99010220150301004X"},
            "reason": "证件核对",
        },
        context(),
    )

    other = open_child(casefile, name="禾苗丁", resident_id=ID_NUMBER)
    assert other != receipt.case_id


def test_what_was_known_earlier_is_shown_without_the_correction(casefile: Parts):
    case_id = open_child(casefile)
    talk = casefile.casefile.record(case_id, "talk", TALK, context())
    casefile.casefile.correct(
        case_id,
        {"target": str(talk.record_id), "changes": {"mood": "low"}, "reason": "写错"},
        context(),
    )

    then = casefile.history.status(case_id, Moment(known_at=talk.recorded_at))
    now = casefile.history.status(case_id)

    assert then["facts"]["child.mood"]["value"] == "calm"
    assert now["facts"]["child.mood"]["value"] == "low"


def test_an_annulled_record_stays_visible(casefile: Parts):
    case_id = open_child(casefile)
    talk = casefile.casefile.record(case_id, "talk", TALK, context())
    body = {"target": str(talk.record_id), "ground": "wrong_child", "reason": "记错人"}

    casefile.casefile.annul(case_id, body, context())

    assert casefile.history.record(case_id, talk.record_id)["annulled"]
    with pytest.raises(AlreadyAnnulled):
        casefile.casefile.annul(case_id, body, context())


def test_a_stale_version_is_answered_with_what_happened_since(casefile: Parts):
    case_id = open_child(casefile)
    seen = casefile.history.status(case_id)["version"]
    talk = casefile.casefile.record(case_id, "talk", TALK, context())

    with pytest.raises(VersionMoved) as moved:
        casefile.casefile.record(
            case_id,
            "closure",
            {"occurred_on": "2026-11-19", "reason": "moved_away"},
            context(expected=seen),
        )

    assert talk.record_id in [e.record_id for e in moved.value.since]


def test_a_group_session_credits_only_those_who_came(casefile: Parts):
    came, stayed_away = open_child(casefile), open_child(casefile, name="禾苗戊")

    casefile.casefile.hold_group_session(
        {
            "occurred_on": "2026-11-18",
            "session_kind": "forum",
            "unit": "school-1",
            "present": [str(came)],
            "absent": [str(stayed_away)],
        },
        context(),
    )

    assert casefile.history.timeline(came)["rows"][0]["kind"] == "group_attendance"
    assert casefile.history.timeline(stayed_away)["total"] == 1


def test_a_merged_case_passes_its_number_to_the_survivor(casefile: Parts):
    double = open_child(casefile, resident_id=ID_NUMBER)
    survivor = open_child(casefile, name="禾苗甲甲")

    casefile.casefile.merge(
        double,
        {"occurred_on": "2026-11-19", "survivor": str(survivor), "reason": "重复建档"},
        context(),
    )

    assert casefile.history.status(double)["facts"]["status"]["value"] == "merged"
    assert casefile.identities.case_of(resident_id=ID_NUMBER) == survivor


def test_a_batch_answers_every_item_and_can_be_sent_again(casefile: Parts):
    case_id = open_child(casefile)
    good = [TALK | {"record_id": str(uuid4()), "note": f"第{n}次"} for n in range(5)]
    items = [Item(case_id, "talk", body) for body in good]
    items += [Item(case_id, "talk", good[0]), Item(case_id, "no_such_kind", {})]
    items += [Item(uuid4(), "talk", TALK | {"record_id": str(uuid4())})]

    first = casefile.casefile.record_batch(items, context())
    again = casefile.casefile.record_batch(items, context())

    assert [r.version for r in first[:6]] == [r.version for r in again[:6]]
    assert first[5].version == first[0].version
    assert isinstance(first[6], UnknownKind)
    assert isinstance(first[7], CaseNotFound)
    assert casefile.history.timeline(case_id)["total"] == 6


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"performed_by": "nobody-1"}, StaffNotFound),
        ({"mood": "furious"}, NotOfItsForm),
        ({"no_such_field": 1}, NotOfItsForm),
        ({"minutes": -5}, NotOfItsForm),
        ({"note": "长" * 5000}, NotOfItsForm),
    ],
)
def test_a_record_that_is_not_of_its_form_is_refused(casefile: Parts, change, refusal):
    case_id = open_child(casefile)

    with pytest.raises(refusal):
        casefile.casefile.record(case_id, "talk", TALK | change, context())

    assert casefile.history.timeline(case_id)["total"] == 1


def test_a_case_in_an_unknown_school_is_refused(casefile: Parts):
    with pytest.raises(UnitNotFound):
        open_child(casefile, school="no-such-school")


def test_a_crowd_that_writes_about_one_child_is_heard_to_the_last(casefile: Parts):
    case_id = open_child(casefile)
    casefile.casefile.record(case_id, "talk", TALK, context())

    with ThreadPoolExecutor(32) as crowd:
        bodies = [TALK | {"note": f"第{n}位老师"} for n in range(64)]
        receipts = list(
            crowd.map(lambda b: casefile.casefile.record(case_id, "talk", b, context()), bodies)
        )

    assert len({r.version for r in receipts}) == 64
    assert casefile.history.timeline(case_id)["total"] == 66


def test_a_command_over_several_streams_says_when_all_of_it_is_in(casefile: Parts):
    children = [open_child(casefile, name=f"禾苗{n}") for n in "甲乙丙"]

    receipt = casefile.casefile.hold_group_session(
        {
            "occurred_on": "2026-11-18",
            "session_kind": "forum",
            "unit": "school-1",
            "present": [str(c) for c in children],
        },
        context(),
    )

    last = max(casefile.history.timeline(c)["rows"][0]["position"] for c in children)
    assert receipt.position < receipt.reached == last


@pytest.mark.parametrize("number", ["13800000001", "line-13800000001", "99010220150301004X"])
def test_somebody_s_number_does_not_pass_for_a_code(casefile: Parts, number: str):
    case_id = open_child(casefile)
    call = {
        "occurred_on": "2026-11-18",
        "mode": "phone",
        "connected": True,
        "initiated_by": "child",
        "parties": ["child", "mother"],
    }

    with pytest.raises(NotOfItsForm) as refusal:
        casefile.casefile.record(case_id, "family_call", call | {"line": number}, context())

    assert number not in str(refusal.value)


def test_an_undone_merge_gives_the_file_and_its_number_back(casefile: Parts):
    double = open_child(casefile, resident_id=ID_NUMBER)
    survivor = open_child(casefile, name="禾苗甲甲")
    day = {"occurred_on": "2026-11-19", "reason": "核对"}
    casefile.casefile.merge(double, day | {"survivor": str(survivor)}, context())

    casefile.casefile.unmerge(double, day | {"former_survivor": str(survivor)}, context())

    assert casefile.history.status(double)["facts"]["status"]["value"] == "open"
    assert casefile.identities.case_of(resident_id=ID_NUMBER) == double
    assert f"absorbed.{double}" not in casefile.history.status(survivor)["facts"]


def test_what_was_never_merged_cannot_be_separated(casefile: Parts):
    closed, other = open_child(casefile), open_child(casefile, name="禾苗乙")
    day = {"occurred_on": "2026-11-19"}
    casefile.casefile.record(closed, "closure", day | {"reason": "moved_away"}, context())

    with pytest.raises(NotOnFile):
        casefile.casefile.unmerge(
            closed, day | {"former_survivor": str(other), "reason": "试"}, context()
        )

    assert casefile.history.status(closed)["facts"]["status"]["value"] == "closed"
