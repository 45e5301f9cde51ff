"""Who may do what, asked of every route there is."""

from itertools import product as every
from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.routing import Route

from services.casefile.api.access import ACTIONS, PUBLIC, ROLES, decide_access
from services.casefile.api.app import RouteWithoutAction, create_app, refuse_unnamed
from services.casefile.api.gate import action_of
from services.casefile.api.tokens import Tokens
from services.casefile.composition import Parts
from tests.casefile.api.calling import HOLDERS, Caller, caller, fresh_id, talk, tokens
from tests.casefile.world import actor, child

WRITES = {
    "open_case", "record", "amend", "move_case", "merge_cases", "hold_group_session",
    "record_unit", "record_staff", "register",
}  # fmt: skip


def routes(app: FastAPI) -> list[tuple[str, str]]:
    filled = {"{case_id}": fresh_id(), "{record_id}": fresh_id(), "{kind}": "talk"}
    filled |= {"{inspection_id}": fresh_id(), "{finding}": fresh_id(), "{seed}": "s"}
    found = []
    for route in app.routes:
        assert isinstance(route, Route)
        path = route.path
        for name, value in (filled | {"{unit}": "u-1", "{staff}": "s-1", "{code}": "x"}).items():
            path = path.replace(name, value)
        found += [(method, path) for method in sorted(route.methods or ())]
    return found


def posts(app: FastAPI) -> list[tuple[str, str]]:
    """The routes of commands, each with an address."""
    declared = [r.path for r in app.routes if isinstance(r, Route) for _ in r.methods or ()]
    return [
        (route, path)
        for route, (method, path) in zip(declared, routes(app), strict=True)
        if method == "POST"
    ]


def test_every_route_names_its_action(app: FastAPI):
    assert all(action_of(route) in ACTIONS for route in app.routes)


def test_a_route_without_an_action_is_refused_at_the_start(product: Parts):
    def endpoint() -> None: ...

    app = create_app(product, tokens())
    app.add_api_route("/v1/forgotten", endpoint)

    with pytest.raises(RouteWithoutAction):
        refuse_unnamed(app.routes)


def test_every_action_is_decided_for_every_role():
    for role, action in every(ROLES, ACTIONS):
        decision = decide_access(actor(role), action)
        assert decision.is_allowed == (action in ROLES[role] or action in PUBLIC)


def test_nobody_may_do_anything_but_what_is_public():
    allowed = {action for action in ACTIONS if decide_access(None, action).is_allowed}

    assert allowed == PUBLIC


def test_an_inspector_reads_files_and_never_writes_in_them():
    may = {action for action in ACTIONS if decide_access(actor("inspector"), action).is_allowed}

    assert may.isdisjoint(WRITES)
    assert {"read_case", "inspect"} <= may


def test_nobody_but_inspectors_and_the_county_inspects():
    may = {role for role in ROLES if decide_access(actor(role), "inspect").is_allowed}

    assert may == {"inspector", "county"}


def test_an_operator_sees_no_child():
    may = {action for action in ACTIONS if decide_access(actor("operator"), action).is_allowed}

    assert may.isdisjoint({"read_case", "look_up", "read_roster", "record", "open_case"})


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nobody", "Basic dDp0", "x" * 9000])
def test_without_a_token_nothing_but_the_public_answers(app: FastAPI, authorization: str):
    stranger = Caller(caller(app).client, {"authorization": authorization})
    public = {"/livez", "/readyz", "/openapi.json", "/v1/messages/{type}/schema"}

    for method, path in routes(app):
        response = stranger.client.request(method, path, headers=stranger.headers)
        if path not in public and not path.startswith(("/v1/kinds", "/v1/problems")):
            assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


def test_every_write_of_an_inspector_into_a_file_is_refused(app: FastAPI):
    """What inspectors may post is a question, or about their own work: inspections and flags."""
    inspector = caller(app, "inspector")
    actions = {route.path: action_of(route) for route in app.routes if isinstance(route, Route)}
    others = {path for path, action in actions.items() if action not in ROLES["inspector"]}

    refused = [path for route, path in posts(app) if route in others]

    assert {actions[route] for route in others} >= WRITES - {"register"}
    assert {inspector.post(path, {}).status_code for path in refused} == {403}


def test_roles_differ_where_they_should(app: FastAPI, case_id: UUID):
    merge = {"occurred_on": "2026-11-19", "survivor": fresh_id(), "reason": "同一儿童"}
    path = f"/v1/cases/{case_id}/merge"

    statuses = {
        name: caller(app, name).post(path, merge, if_match="*").status_code for name in HOLDERS
    }

    assert statuses == {
        "teacher": 403, "colleague": 403, "child_director": 403, "supervisor": 404,
        "county": 404, "inspector": 403, "operator": 403, "service": 403,
    }  # fmt: skip


def test_who_is_calling_is_told_what_they_may_do(app: FastAPI):
    me = caller(app, "inspector").get("/v1/me").json()

    assert (me["role"], me["staff"], me["unit"]) == ("inspector", "i-501", "county-1")
    assert WRITES.isdisjoint(me["actions"])


def test_a_record_names_who_typed_it(teacher: Caller, case_id: UUID):
    teacher.record(case_id, "talk", talk(performed_by="t-102"))

    row = teacher.history(case_id)["rows"][0]

    assert row["recorded_by"] == {"staff": "t-101", "role": "class_teacher", "unit": "class-31"}
    assert row["performed_by"]["staff"] == "t-102"


def test_tokens_are_read_from_a_file_of_their_hashes(product: Parts, tmp_path):
    import json

    from services.casefile.api.tokens import digest_of

    holder = {"role": "teacher", "staff": "t-101", "post": "class_teacher", "unit": "class-31"}
    path = tmp_path / "tokens.json"
    path.write_text(json.dumps({digest_of("secret"): holder}))

    app = create_app(product, Tokens.load(path))

    opened = Caller(caller(app).client, {"authorization": "bearer secret"}).post(
        "/v1/cases", child()
    )
    assert opened.status_code == 201
    assert "secret" not in path.read_text()


def test_the_demo_holders_cover_every_role():
    assert {holder.role for holder in HOLDERS.values()} == set(ROLES) - {"system"}
    assert tokens().actor("Bearer token-of-county") is not None
