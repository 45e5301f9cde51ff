"""The forms of an inspection: one event however often they are sent, and nothing decided unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from services.casefile.composition import Parts
from services.casefile.labels import labels
from tests.casefile.console.conftest import Person
from tests.casefile.console.page import Page
from tests.casefile.inspected import finding, inspector, order
from tests.casefile.world import actor, context, open_child

In = Callable[[str], Person]


class Raised(NamedTuple):
    """An inspection and one finding of it, about the teacher."""

    inspection: UUID
    finding: UUID

    @property
    def page(self) -> str:
        return f"/inspections/{self.inspection}"

    def form(self, act: str) -> str:
        return f"{self.page}/{act}?finding={self.finding}"


@pytest.fixture
def raised(product: Parts) -> Raised:
    open_child(product)
    commands = product.casefile
    inspection = commands.open_inspection(order(), inspector()).case_id
    about = finding(worker="t-101")
    return Raised(inspection, commands.raise_finding(inspection, about, inspector()).record_id)


def kinds(product: Parts, inspection: UUID) -> list[str]:
    return [e.kind.slug for e in product.inspections.entries(inspection) if e.kind.slug != "keys"]


def explain(product: Parts, raised: Raised) -> None:
    body = {"occurred_on": "2026-11-20", "finding": str(raised.finding), "text": "当日确有谈心"}
    product.casefile.explain(raised.inspection, body, context())


def decide(product: Parts, raised: Raised, outcome: str) -> None:
    body = {"occurred_on": "2026-11-20", "finding": str(raised.finding), "outcome": outcome}
    other = context(actor=actor("county", "c-401", "county_officer"))
    product.casefile.decide_finding(raised.inspection, body, other)


@pytest.mark.parametrize(
    ("role", "act", "typed"),
    [
        ("teacher", "explanation", {"text": "当日确有谈心"}),
        ("teacher", "rectification", {"text": "已更正", "measure": "record_corrected"}),
        ("inspector", "decision", {"outcome": "withdrawn"}),
        ("inspector", "closure", {"outcome": "completed", "summary": "查毕", "leaves_open": "yes"}),
        ("inspector", "sample", {"seed": "20261120-1", "seed_source": "dice", "sample_size": "1"}),
    ],
)
def test_a_form_sent_twice_is_one_event_and_one_answer(
    sign_in: In, product: Parts, raised: Raised, role: str, act: str, typed: dict[str, Any]
):
    who = sign_in(role)
    form = who.page(raised.form(act)).form()

    first, second = who.resend(form, **typed), who.resend(form, **typed)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert len(kinds(product, raised.inspection)) == 3


def test_a_double_click_is_one_event(sign_in: In, product: Parts, raised: Raised):
    who = sign_in("inspector")
    form = who.page(raised.form("decision")).form()

    with ThreadPoolExecutor(2) as threads:
        clicks = [threads.submit(who.resend, form, outcome="withdrawn") for _ in range(2)]
        answers = [click.result() for click in clicks]

    assert [a.status_code for a in answers] == [303, 303]
    assert kinds(product, raised.inspection).count("finding_decision") == 1


def test_an_inspection_opened_twice_with_one_form_is_one(
    sign_in: In, product: Parts, raised: Raised
):
    who = sign_in("inspector")
    form = who.page("/inspections/open").form()
    typed = order(sample_size=None) | {"unit": "town-1", "ordered_by": "county-1"}

    first, second = who.resend(form, **typed), who.resend(form, **typed)

    assert first.status_code == 303
    assert first.headers["location"] == second.headers["location"]


def test_a_form_that_was_changed_after_it_was_sent_says_so_and_keeps_what_was_typed(
    sign_in: In, product: Parts, raised: Raised
):
    who = sign_in("teacher")
    form = who.page(raised.form("explanation")).form()
    who.resend(form, text="第一次")

    answer = who.resend(form, text="第二次")

    assert answer.status_code == 409
    assert "这张表已经登记过" in Page(answer.text).text
    assert Page(answer.text).form().value("text") == "第二次"
    assert kinds(product, raised.inspection).count("explanation") == 1


def test_a_decision_made_before_an_answer_was_read_asks_again(
    sign_in: In, product: Parts, raised: Raised
):
    who = sign_in("inspector")
    form = who.page(raised.form("decision")).form()
    explain(product, raised)

    stale = who.resend(form, outcome="withdrawn", text="查无实据")
    again = Page(stale.text)
    answer = who.resend(again.form())

    assert stale.status_code == 412
    assert "您打开这张表之后，又有新的登记" in again.text
    assert labels("zh").kind("Explanation given") + " #" in again.text
    assert again.form().value("text") == "查无实据"
    assert again.form().value("outcome") == "withdrawn"
    assert answer.status_code == 303


def test_two_who_decide_the_same_are_not_two_decisions(sign_in: In, product: Parts, raised: Raised):
    explain(product, raised)
    who = sign_in("inspector")
    form = who.page(raised.form("decision")).form()
    decide(product, raised, "upheld")

    stale = who.resend(form, outcome="upheld")

    assert stale.status_code == 412
    assert kinds(product, raised.inspection).count("finding_decision") == 1


def test_a_finding_that_somebody_settled_meanwhile_says_what_to_do_and_keeps_what_was_typed(
    sign_in: In, product: Parts, raised: Raised
):
    who = sign_in("teacher")
    form = who.page(raised.form("explanation")).form()
    decide(product, raised, "withdrawn")

    answer = who.resend(form, text="当日确有谈心")

    page = Page(answer.text)
    assert answer.status_code == 409
    assert "该问题已经了结。 如另有情况，请提出新的问题。" in page.text
    assert page.form().value("text") == "当日确有谈心"
    assert f"{raised.page}/findings/{raised.finding}" in page.links


def test_what_others_do_in_the_inspection_does_not_stop_a_decision(
    sign_in: In, product: Parts, raised: Raised
):
    who = sign_in("inspector")
    form = who.page(raised.form("decision")).form()
    product.casefile.raise_finding(raised.inspection, finding(unit="school-1"), inspector())

    answer = who.resend(form, outcome="withdrawn")

    assert answer.status_code == 303


def test_an_inspection_that_moved_on_is_not_closed_unseen(
    sign_in: In, product: Parts, raised: Raised
):
    who = sign_in("inspector")
    form = who.page(f"{raised.page}/closure").form()
    product.casefile.raise_finding(raised.inspection, finding(unit="school-1"), inspector())
    closing = {"outcome": "completed", "summary": "查毕", "leaves_open": "yes"}

    stale = who.resend(form, **closing)
    answer = who.resend(Page(stale.text).form())

    assert stale.status_code == 412
    assert Page(stale.text).form().value("summary") == "查毕"
    assert answer.status_code == 303


def test_a_mistake_in_the_form_does_not_make_it_a_newer_form(
    sign_in: In, product: Parts, raised: Raised
):
    who = sign_in("inspector")
    form = who.page(raised.form("decision")).form()
    explain(product, raised)

    mistaken = who.resend(form, outcome="withdrawn", occurred_on="昨天")
    answer = who.resend(Page(mistaken.text).form(), occurred_on="2026-11-20")

    assert mistaken.status_code == 422
    assert answer.status_code == 412


def test_a_form_from_elsewhere_is_refused(sign_in: In, product: Parts, raised: Raised):
    who = sign_in("inspector")
    form = who.page(raised.form("decision")).form()
    pairs = dict(form.pairs(outcome="withdrawn"))

    foreign = who.client.post(
        form.action, data=pairs, headers={"origin": "http://elsewhere.example"}
    )
    tokenless = who.resend(form, outcome="withdrawn", form_token="0")

    assert (foreign.status_code, tokenless.status_code) == (403, 403)
    assert kinds(product, raised.inspection).count("finding_decision") == 0
