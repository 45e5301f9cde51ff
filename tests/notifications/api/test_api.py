from uuid import uuid4

import pytest

from services.notifications.api.app import masked
from tests.notifications.policy.world import CASE
from tests.notifications.reminding.known import notice

ENTRY = {
    "locale": "zh",
    "channels": [
        {"channel": "wecom", "address": "https://qyapi.example.org/send?key=secret-key"},
        {"channel": "smtp", "address": "t-101@example.org"},
    ],
    "stand_in": "t-102",
}
TABLE = "工号,渠道,代理人\nt-1,smtp:t-1@example.org,t-2\nt-2,,\n"


def put_item(held, staff, title="说明"):
    made = notice(held, staff, uuid4().hex, None, case_id=CASE)
    held.execute(
        "INSERT INTO notifications.items (staff, notice_id, title, body) VALUES (%s, %s, %s, '')",
        [staff, made, title],
    )


def test_i_see_my_own_inbox_and_mark_what_i_read_once(call, held):
    for staff in ("t-101", "t-101", "sup-1"):
        put_item(held, staff)
    newest, older = call("teacher", "GET", "/v1/inbox").json()["rows"]
    assert newest["id"] > older["id"]

    first = call("teacher", "POST", f"/v1/inbox/{older['id']}/read")
    again = call("teacher", "POST", f"/v1/inbox/{older['id']}/read")
    assert first.json() == again.json()
    unread = call("teacher", "GET", "/v1/inbox?unread=true").json()["rows"]
    assert [row["id"] for row in unread] == [newest["id"]]


def test_what_is_in_somebody_else_s_inbox_is_not_there_for_me(call, held):
    put_item(held, "sup-1")
    [theirs] = call("supervisor", "GET", "/v1/inbox").json()["rows"]
    answer = call("teacher", "POST", f"/v1/inbox/{theirs['id']}/read")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-item")


def test_an_inbox_is_read_page_by_page(call, held):
    for n in range(5):
        put_item(held, "t-101", str(n))
    titles, before = [], ""
    while rows := call("teacher", "GET", f"/v1/inbox?limit=2{before}").json()["rows"]:
        titles += [row["title"] for row in rows]
        before = f"&before={rows[-1]['id']}"
    assert titles == ["4", "3", "2", "1", "0"]


def test_an_entry_of_the_directory_is_kept_and_its_secrets_are_not_shown(call):
    assert call("operator", "PUT", "/v1/directory/t-101", json=ENTRY).status_code == 204
    assert call("operator", "PUT", "/v1/directory/t-101", json=ENTRY).status_code == 204
    shown = call("county", "GET", "/v1/directory/t-101")
    assert "secret-key" not in shown.text
    assert [c["address"] for c in shown.json()["channels"]] == [
        "https://qyapi.example.org/…",
        "t-101@example.org",
    ]
    assert [r["staff"] for r in call("county", "GET", "/v1/directory").json()["rows"]] == ["t-101"]
    assert call("operator", "DELETE", "/v1/directory/t-101").status_code == 204
    gone = call("county", "GET", "/v1/directory/t-101")
    assert (gone.status_code, gone.json()["code"]) == (404, "not-in-directory")


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": "21:00"},
        {"absent_until": "2026-11-20"},
        {"stand_in": "t-101"},
        {"channels": [{"channel": "smtp", "address": "https://example.org"}]},
        {"channels": [{"channel": "pigeon", "address": "13800138000"}]},
        {"phone": "13800138000"},
    ],
)
def test_an_entry_that_cannot_be_is_refused_without_being_repeated(call, wrong):
    answer = call("operator", "PUT", "/v1/directory/t-101", json=wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "13800138000" not in answer.text


@pytest.mark.parametrize(
    "address",
    ["https://h.example#secret", "https://h.example?k=secret", "https://u:secret@h.example/secret"],
)
def test_of_an_address_with_a_secret_only_the_host_is_shown(address):
    assert masked(address) == "https://h.example/…"


def test_a_table_is_taken_in_whole_after_a_rehearsal(call):
    rehearsal = call("operator", "POST", "/v1/directory/import?dry_run=true", content=TABLE)
    assert rehearsal.json() == {"people": 2, "dry_run": True}
    assert call("operator", "GET", "/v1/directory").json()["rows"] == []

    call("operator", "POST", "/v1/directory/import", content=TABLE.encode("gb18030"))
    rows = call("operator", "GET", "/v1/directory").json()["rows"]
    assert [(r["staff"], r["stand_in"]) for r in rows] == [("t-1", "t-2"), ("t-2", None)]


def test_if_one_row_is_wrong_nothing_is_taken_in_and_the_row_is_named(call):
    table = TABLE + "t-3,smtp:not an address 13800138000,\nt-1,,\n"
    answer = call("operator", "POST", "/v1/directory/import", content=table)
    assert answer.status_code == 422
    assert [(f["row"], f["column"]) for f in answer.json()["faults"]] == [
        (4, "channels.0.address"),
        (5, "staff"),
    ]
    assert "13800138000" not in answer.text
    assert call("operator", "GET", "/v1/directory").json()["rows"] == []


@pytest.mark.parametrize(
    "content",
    [b"", b"name\nx\n", b"staff,staff\n", b"\xff\xfe\x00", b"staff,phone\n", b"x" * 2_200_000],
    ids=["empty", "no staff", "twice", "not text", "unknown column", "too large"],
)
def test_what_is_not_a_table_of_people_is_refused(call, content):
    answer = call("operator", "POST", "/v1/directory/import", content=content)
    assert (answer.status_code, answer.json()["code"]) == (422, "table-not-readable")


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (None, "/livez", 200),
        (None, "/readyz", 200),
        (None, "/v1/inbox", 401),
        ("nobody", "/v1/inbox", 401),
        ("service", "/v1/inbox", 403),
        ("service", "/v1/ledger/staff/t-101", 403),
        ("supervisor", "/v1/ledger/staff/t-101", 200),
        ("teacher", "/v1/directory", 403),
        ("teacher", f"/v1/ledger/cases/{CASE}", 403),
        ("inspector", "/v1/parked", 403),
        ("operator", "/v1/parked", 200),
        ("operator", "/metrics", 200),
        ("operator", "/v1/nothing", 404),
        ("teacher", "/v1/inbox?limit=0", 422),
    ],
)
def test_everybody_sees_what_their_role_allows(call, role, path, status):
    assert call(role, "GET", path).status_code == status


def test_the_measures_can_be_read_by_prometheus(call, held):
    notice(held, "t-101", "a", None)
    assert 'notifications_notices{state="waiting"} 1' in call("operator", "GET", "/metrics").text
