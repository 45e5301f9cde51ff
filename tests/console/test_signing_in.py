"""Who gets in, what the browser is told to keep, and what another site cannot do."""

from fastapi import FastAPI

from tests.console.asking import Somebody
from tests.console.county import County, token


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(
    stranger: Somebody, county: County
):
    wanted = f"/cases/{county.case_id}/timeline?kind=talk"

    refused = stranger.get(wanted)
    login = refused.headers["location"]
    entered = stranger.send("/login", {"token": token("inspector"), "next": wanted}, None)

    assert refused.status_code == 303
    assert login.startswith("/login?next=%2Fcases%2F")
    assert entered.headers["location"] == wanted


def test_a_wrong_token_is_refused_without_being_repeated(stranger: Somebody):
    answer = stranger.send("/login", {"token": "someone-elses-token"}, None)

    assert answer.status_code == 422
    assert "someone-elses-token" not in answer.text
    assert "set-cookie" not in answer.headers


def test_nobody_is_sent_elsewhere_by_a_link_to_us(stranger: Somebody):
    for elsewhere in ("https://example.org/", "//example.org", "/\\example.org", "javascript:x"):
        form = {"token": token("inspector"), "next": elsewhere}
        assert stranger.send("/login", form, None).headers["location"] == "/"


def test_the_session_is_out_of_reach_of_scripts_and_other_sites(stranger: Somebody):
    plain = stranger.send("/login", {"token": token("inspector")}, None)
    behind_tls = stranger.send(
        "/login", {"token": token("inspector")}, None, x_forwarded_proto="https"
    )

    for part in ("HttpOnly", "SameSite=Strict", "Max-Age=43200", "Path=/"):
        assert part in plain.headers["set-cookie"]
    assert "Secure" not in plain.headers["set-cookie"]
    assert "Secure" in behind_tls.headers["set-cookie"]
    assert token("inspector") not in plain.headers["set-cookie"]


def test_signing_out_ends_the_session(console_app: FastAPI):
    leaving = Somebody(console_app, "inspector")

    left = leaving.send("/logout", {})

    assert left.status_code == 303
    assert leaving.get("/").headers["location"].startswith("/login")


def test_a_changed_cookie_is_nobodys(console_app: FastAPI, stranger: Somebody):
    signed = Somebody(console_app, "inspector").client.cookies["casefile_session"]

    whole = stranger.get("/", cookie=f"casefile_session={signed}")
    changed = stranger.get("/", cookie=f"casefile_session={signed[:-4]}AAAA")

    assert [whole.status_code, changed.status_code] == [200, 303]


def test_a_form_of_another_site_is_refused(teacher: Somebody, county: County):
    path = f"/cases/{county.case_id}/new/talk"
    form = {"occurred_on": "2026-01-01"}

    from_elsewhere = teacher.send(path, form, origin="https://example.org")
    without_token = teacher.send(path, form, form_token=None)
    with_another = teacher.send(path, form, form_token="0" * 64)
    unnamed = teacher.client.post(path, data=form, headers={"sec-fetch-site": "cross-site"})

    refused = (from_elsewhere, without_token, with_another, unnamed)
    assert [answer.status_code for answer in refused] == [403] * 4


def test_the_console_lets_nobody_do_what_the_api_would_not(inspector: Somebody, county: County):
    page = inspector.get(f"/cases/{county.case_id}/new")
    sent = inspector.send(f"/cases/{county.case_id}/new/talk", {"occurred_on": "2026-01-01"})

    assert page.status_code == sent.status_code == 403
    assert "登记</a>" not in inspector.read(f"/cases/{county.case_id}")


def test_the_api_answers_as_before(inspector: Somebody):
    assert inspector.get("/livez").json() == {"status": "alive"}
    assert inspector.get("/v1/me").status_code == 401
    assert inspector.get("/v1/nothing").headers["content-type"] == "application/problem+json"
    assert inspector.get("/openapi.json").json()["openapi"].startswith("3.")
