"""Who may record what in a browser, and through which forms only."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

from services.casefile.composition import Parts
from tests.casefile.console.conftest import Person
from tests.casefile.console.page import Page
from tests.casefile.console.recorded import told
from tests.casefile.rulebooks.policies import county, policy

In = Callable[[str], Person]


def test_whoever_may_not_record_sees_no_buttons_and_is_refused(
    sign_in: In, product: Parts, case_id: UUID
):
    inspector = sign_in("inspector")
    page = inspector.page(f"/cases/{case_id}")

    answer = inspector.get(f"/cases/{case_id}/new/talk")
    sent = inspector.post(f"/cases/{case_id}/new/talk", [])

    assert not [link for link in page.links if "/new" in link or link.endswith("/correct")]
    assert answer.status_code == 403
    assert sent.status_code == 403
    assert len(told(product, case_id)) == 1


def test_a_form_of_another_site_is_refused(teacher: Person, product: Parts, case_id: UUID):
    form = teacher.page(f"/cases/{case_id}/new/talk").form()

    answer = teacher.client.post(
        form.action, data=dict(form.pairs()), headers={"origin": "http://elsewhere.example"}
    )
    tokenless = teacher.resend(form, form_token="0")

    assert (answer.status_code, tokenless.status_code) == (403, 403)
    assert len(told(product, case_id)) == 1


def test_ids_that_only_the_system_makes_are_refused(teacher: Person, case_id: UUID):
    answer = teacher.send(
        f"/cases/{case_id}/new/talk", record_id=str(UUID(int=uuid4().int, version=5))
    )

    assert answer.status_code == 422


def test_a_waiver_is_for_those_who_may_and_for_a_rule_there_is(sign_in: In, case_id: UUID):
    path = f"/cases/{case_id}/new/waiver"
    waiver = {"policy": "visits", "rule": "visit.monthly", "reason": "in_hospital"}
    days = {"starts_on": "2026-11-20", "expires_on": "2026-12-20"}

    refused = sign_in("supervisor").send(path, **waiver, **days, approved_by="c-401")

    assert sign_in("teacher").get(path).status_code == 403
    assert refused.status_code == 409
    assert Page(refused.text).form().value("approved_by") == "c-401"


def test_a_waiver_offers_the_rules_by_which_the_child_is_owed_something(
    sign_in: In, product: Parts, case_id: UUID
):
    product.casefile.adopt_policy(policy(effective_from=date(2026, 11, 1)), county())
    product.rulebooks.fresh()
    path, days = f"/cases/{case_id}/new/waiver", ("2026-11-20", "2026-12-20")
    form = sign_in("supervisor").page(path).form()
    rules = next(c.options for c in form.controls if c.name == "rule")

    answer = sign_in("supervisor").resend(
        form,
        policy="school-default",
        rule=rules[1],
        reason="in_hospital",
        approved_by="c-401",
        starts_on=days[0],
        expires_on=days[1],
    )

    assert set(rules[1:]) <= {rule.code for rule in policy().rules}
    assert answer.status_code == 303
    assert told(product, case_id)[0]["kind"] == "waiver"
