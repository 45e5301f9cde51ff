"""Recording what happened to a child: choose a kind, fill in its form."""

from collections.abc import Iterator
from typing import Any

from services.casefile.api.asked import AskedMoment
from services.casefile.api.kinds import is_declared
from services.casefile.application.casefile import Casefile
from services.casefile.application.decision import Receipt
from services.casefile.console.child_file import ChildFile
from services.casefile.console.forms import flow
from services.casefile.console.forms.fields import Field, form_of
from services.casefile.console.forms.flow import Flow
from services.casefile.console.page import Answer, Page, PageNotFound, Shown
from services.casefile.console.visit import Visit, addressed
from services.casefile.domain.catalogue import Kind
from services.casefile.history.view import NOW

OFTEN = ("talk", "home_visit", "home_visit_attempt", "family_call", "guardian_contact")
MOVES = ("transfer", "handover", "closure", "reopening")
# Commands of their own, each with the action it takes.
APART = {"waiver": "waive", "merge": "merge_cases", "unmerge": "merge_cases"}
MOST_OPTIONS = 100


def choose(visit: Visit) -> Answer:
    """All kinds a child's file takes, the daily ones first."""
    file = ChildFile(visit, AskedMoment())
    families: dict[str, list[str]] = {}
    for kind in recordable(visit):
        if visit.may(action_of(kind)):
            families.setdefault(kind.family, []).append(kind.slug)
    context = file.context("") | {"often": OFTEN, "families": families}
    return Shown(template="recording_choose.html", title="Record something", context=context)


def ask(visit: Visit) -> Answer:
    return flow.ask(visit, flow_of(visit))


def send(visit: Visit) -> Answer:
    return flow.send(visit, flow_of(visit))


def recordable(visit: Visit) -> Iterator[Kind]:
    for kind in visit.desk.product.catalogue:
        if (
            kind.stream == "case" and not is_declared(kind) and kind.declared.recordable
        ) or kind.slug in APART:
            yield kind


def action_of(kind: Kind) -> Any:
    return APART.get(kind.slug, "move_case" if kind.slug in MOVES else "record")


def flow_of(visit: Visit) -> Flow:
    kind = kind_of(visit)
    visit.must(action_of(kind))
    file, case_id = ChildFile(visit, AskedMoment()), visit.case_id
    command = command_of(visit.desk.product.casefile, kind)
    return Flow(
        kind=kind,
        title="Record something",
        send=lambda body, context: command(case_id, body, context),
        done=recorded_at,
        context=file.context(""),
        options=options_of(file, kind),
        version=file.view.version if kind.declared.exclusive and file.view else None,
        back=f"/cases/{case_id}/timeline",
    )


def recorded_at(receipt: Receipt) -> str:
    """With what is odd about it, which is no reason to refuse it."""
    odd = [("warning", code) for code in receipt.warnings]
    path = f"/cases/{receipt.case_id}/records/{receipt.record_id}"
    return addressed(path, [("done", "recorded"), *odd])


def command_of(casefile: Casefile, kind: Kind) -> Any:
    own = {"waiver": casefile.waive, "merge": casefile.merge, "unmerge": casefile.unmerge}
    if kind.slug in own:
        return own[kind.slug]
    return lambda case_id, body, context: casefile.record(case_id, kind.slug, body, context)


def kind_of(visit: Visit) -> Kind:
    kind = visit.desk.product.catalogue.by_slug.get(visit.params["kind"])
    if kind is None or kind not in recordable(visit):
        raise PageNotFound
    return kind


def options_of(file: ChildFile, kind: Kind) -> dict[str, list[tuple[str, str]]]:
    """The records of this file that a field may point at, newest first."""
    if kind.slug == "waiver":
        return rules_of(file)
    if kind.slug in APART:
        return {}
    words = {each.slug: each.label for each in file.visit.desk.product.catalogue}
    entries = sorted(file.view.entries if file.view else (), key=lambda e: -e.version)
    people = [e for e in entries if e.kind.slug != "keys" and e.env.source != "system"]
    found = {}
    for field in form_of(kind).fields:
        if field.column.form == "id":
            standing = [e for e in people if not e.is_annulled and not e.kind.amends]
            fitting = [e for e in standing if is_about(field, e.kind)] or standing
            found[field.path] = [
                (str(e.env.record_id), label(file.visit, words[e.kind.slug], e))
                for e in fitting[:MOST_OPTIONS]
            ]
    return found


def rules_of(file: ChildFile) -> dict[str, list[tuple[str, str]]]:
    """The rules by which the child is owed something."""
    visit = file.visit
    page = visit.desk.product.obligations.of(file.case_id, NOW, visit.desk.now)
    policies = dict.fromkeys(row.policy for row in page.rows)
    rules = {row.rule: row.title for row in page.rows}
    return {
        "policy": [(policy, policy) for policy in policies],
        "rule": [(rule, f"{title} [{rule}]") for rule, title in rules.items()],
    }


def is_about(field: Field, kind: Kind) -> bool:
    """Whether a field that names an earlier record means that kind: `plan` a care plan."""
    name = field.column.field
    return (
        field.column.form == "id"
        and "." not in field.path
        and (name == kind.slug or name.endswith(f"_{kind.slug}") or kind.slug.endswith(f"_{name}"))
    )


def follow_ups(visit: Visit, kind: Kind) -> list[tuple[str, str]]:
    """What may be recorded about a record of this kind, and the field that then names it."""
    return [
        (later.slug, field.path)
        for later in recordable(visit)
        if later.slug not in APART and visit.may(action_of(later))
        for field in form_of(later).fields
        if is_about(field, kind)
    ]


def label(visit: Visit, kind: str, entry: Any) -> str:
    return f"{visit.labels.kind(kind)} #{entry.version} {entry.env.occurred_on}"


def pages() -> list[Page]:
    new = "/cases/{case_id}/new"
    return [
        Page(new, "record", choose),
        Page(f"{new}/{{kind}}", "record", ask, submit=send, submit_action="record"),
    ]
