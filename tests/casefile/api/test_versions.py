"""ETags say which version was seen; what has moved on since is refused with what happened."""

from uuid import UUID

import pytest

from tests.casefile.api.calling import Caller, accepted, fresh_id, talk

CLOSURE = {"occurred_on": "2026-11-19", "reason": "moved_away"}


def test_closing_needs_the_version_that_was_seen(teacher: Caller, case_id: UUID):
    response = teacher.record(case_id, "closure", CLOSURE)

    assert (response.status_code, response.json()["code"]) == (428, "if-match-required")


def test_a_stale_version_is_refused_with_the_records_since(teacher: Caller, case_id: UUID):
    seen = teacher.get(f"/v1/cases/{case_id}").headers["etag"]
    since = teacher.talk(case_id, note="很好")

    response = teacher.record(case_id, "closure", CLOSURE, if_match=seen)

    problem = response.json()
    assert (response.status_code, problem["code"]) == (412, "version-moved")
    assert problem["current_etag"] == response.headers["etag"] == f'"case:{case_id}:3"'
    [row] = problem["since"]
    assert row.keys() == {"version", "kind", "record_id", "position", "recorded_at"}
    assert (row["kind"], row["record_id"]) == ("talk", since["record_id"])


def test_the_version_that_is_current_is_accepted(teacher: Caller, case_id: UUID):
    seen = teacher.get(f"/v1/cases/{case_id}").headers["etag"]

    response = teacher.record(case_id, "closure", CLOSURE, if_match=seen)

    assert response.status_code == 201
    assert teacher.get(f"/v1/cases/{case_id}").headers["etag"] == response.headers["etag"]


def test_a_star_means_whatever_is_current(teacher: Caller, case_id: UUID):
    assert teacher.record(case_id, "closure", CLOSURE, if_match="*").status_code == 201


def test_a_record_that_commutes_may_name_a_version_too(teacher: Caller, case_id: UUID):
    seen = teacher.get(f"/v1/cases/{case_id}").headers["etag"]
    teacher.talk(case_id)

    assert teacher.record(case_id, "talk", talk(), if_match=seen).status_code == 412


def test_the_etag_of_another_file_fits_nothing(teacher: Caller, case_id: UUID):
    response = teacher.record(case_id, "closure", CLOSURE, if_match=f'"case:{fresh_id()}:2"')

    assert response.status_code == 412


@pytest.mark.parametrize("tag", ["2", '"2"', 'W/"case:x:2"', '"case::"', '"case:a:1", "case:b:2"'])
def test_an_if_match_has_its_form(teacher: Caller, case_id: UUID, tag: str):
    response = teacher.record(case_id, "closure", CLOSURE, if_match=tag)

    assert (response.status_code, response.json()["field"]) == (400, "If-Match")


def test_a_file_that_does_not_exist_has_not_moved_on(teacher: Caller):
    unknown = fresh_id()

    response = teacher.record(unknown, "closure", CLOSURE, if_match=f'"case:{unknown}:2"')

    assert (response.status_code, response.json()["code"]) == (404, "case-not-found")


def test_a_repeated_command_is_answered_though_the_file_has_moved_on(
    teacher: Caller, case_id: UUID
):
    seen = teacher.get(f"/v1/cases/{case_id}").headers["etag"]
    sent = {"if_match": seen, "idempotency_key": "k-1"}
    first = teacher.record(case_id, "closure", CLOSURE, **sent)

    again = teacher.record(case_id, "closure", CLOSURE, **sent)

    assert again.content == first.content


def test_who_has_the_current_version_is_not_sent_it_again(teacher: Caller, case_id: UUID):
    path = f"/v1/cases/{case_id}"
    seen = teacher.get(path).headers["etag"]

    unchanged = teacher.get(path, headers={"if-none-match": f'"other", W/{seen}'})
    teacher.talk(case_id)
    changed = teacher.get(path, headers={"if-none-match": seen})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == seen
    assert accepted(changed)["version"] == 3
