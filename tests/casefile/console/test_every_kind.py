"""Every kind has its form, made from its type: its true example, typed into it, is recorded."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from services.casefile.api.kinds import is_declared
from services.casefile.composition import Parts
from services.casefile.domain.catalogue import Kind, catalogue
from services.casefile.domain.twins import references
from tests.casefile.api.canaries import example
from tests.casefile.console.conftest import Person
from tests.casefile.console.page import Form, Page
from tests.casefile.world import SINCE, STAFF, UNITS, actor, context, open_child, parts, settle
from tests.servers import Database

# After the last day of any example.
LATER = datetime(2027, 12, 1, 4, 0, tzinfo=UTC)
CHINA = ZoneInfo("Asia/Shanghai")
LATE = "示例补录"
# Kinds of which the example needs an earlier record that its own type does not name.
FIRST: dict[str, tuple[str, dict[str, Any]]] = {
    "reopening": ("closure", {}),
    "worker_end": ("worker", {}),
    "host_stay": ("consent", {"purpose": "host_stay"}),
    "consent_withdrawal": ("consent", {}),
    "disbursement": ("enrolment", {}),
    "rate_change": ("enrolment", {}),
    "priority_end": ("priority", {}),
}
# What the record that an example names has to say, where its own example says something else.
NAMED: dict[str, dict[str, Any]] = {"case_study_approval": {"purpose": "data"}}
ALL = list(catalogue())
OF_CASE = [k for k in ALL if k.stream == "case" and k.declared.recordable]
OF_OTHERS = [k for k in ALL if k.stream in ("unit", "staff") and not is_declared(k)]


@pytest.fixture(scope="module")
def product(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    folder = tmp_path_factory.mktemp("secrets")
    with closing(parts(database, folder, clock=lambda: LATER)) as built:
        settle(built)
        register(built)
        yield built


def register(built: Parts) -> None:
    """Everybody and every unit that the examples name."""
    operator = context(actor=actor("operator", "o-1", "operator"), source="system")
    known = {"unit": {code for code, *_ in UNITS}, "staff": {code for code, *_ in STAFF}}
    for target, code in named():
        if code in known[target]:
            continue
        known[target].add(code)
        if target == "unit":
            body = {"code": code, "unit_kind": "school", "unit_name": code, "valid_from": SINCE}
            body |= {"parent": "town-1"}
            kind, record = "unit_registration", built.casefile.record_unit
        else:
            body = {"staff": code, "role": "mentor", "unit": "school-1", "starts_on": SINCE}
            kind, record = "staff_registration", built.casefile.record_staff
        record(code, kind, body | {"occurred_on": SINCE}, operator)


def named() -> Iterator[tuple[str, str]]:
    for kind in ALL:
        body = example(kind)
        if "performed_by" in body:
            yield "staff", body["performed_by"]
        yield from in_struct(kind.type, body)


def in_struct(struct: Any, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field, target in references(struct).items():
        value = body.get(field, [])
        yield from ((target, code) for code in ([value] if isinstance(value, str) else value))
    for visitor in body.get("visitors", []):
        yield from (("staff", visitor[n]) for n in ("staff",) if n in visitor)
    for name in ("on_duty", "present"):
        yield from (("staff", code) for code in body.get(name, []) if code.startswith("t-"))


def typed(form: Form, data: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """What a person would type and tick for these values, by the controls the form has."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        path = prefix + name
        if isinstance(value, dict):
            found |= typed(form, value, f"{path}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for line, each in enumerate(value, start=1):
                found |= typed(form, each, f"{path}.{line}.")
        else:
            assert path in form.names, f"there is no control for {path}"
            found[path] = as_typed(form, path, value)
    return found


def as_typed(form: Form, path: str, value: Any) -> Any:
    if isinstance(value, bool):
        return (
            ("yes" if value else "no")
            if form.kind(path) != "checkbox"
            else (value and "yes") or None
        )
    if path.endswith("fen"):
        return f"{value / 100:.2f}"
    if isinstance(value, list):
        return value if form.kind(path) == "checkbox" else "\n".join(value)
    if path.endswith("_at") and "T" in str(value):
        return f"{datetime.fromisoformat(value).astimezone(CHINA):%Y-%m-%dT%H:%M}"
    return str(value)


def with_lines(person: Person, form: Form, data: dict[str, Any]) -> Form:
    """Press "add another line" until every line of the example has its place."""
    for name, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for _ in value[1:]:
                form = Page(person.resend(form, more=name).text).form()
    return form


def fill_in(person: Person, path: str, body: dict[str, Any]) -> Any:
    form = with_lines(person, person.page(path).form(), body)
    return person.resend(form, **typed(form, body))


def put(product: Parts, case_id: UUID, kind: Kind, **fields: Any) -> str:
    body = example(kind) | {"late_reason": LATE} | fields
    return str(product.casefile.record(case_id, kind.slug, body, context()).record_id)


def prepared(product: Parts, case_id: UUID, kind: Kind) -> dict[str, Any]:
    """The example of the kind; records it names are made first, under the ids it has for them."""
    body = example(kind)
    if kind.slug in FIRST:
        slug, fields = FIRST[kind.slug]
        first(product, case_id, product.catalogue.slug(slug), body, fields)
    for name, value in body.items():
        if is_id(value):
            fields = NAMED.get(kind.slug, {})
            earlier = earlier_kind(product, name)
            body = body | {name: first(product, case_id, earlier, body, fields)}
    return body


def first(
    product: Parts, case_id: UUID, kind: Kind, body: dict[str, Any], fields: dict[str, Any]
) -> str:
    """Record what the example rests on, no later than itself and alike where both say the same."""
    own = prepared(product, case_id, kind) | alike(kind, body) | fields
    own["occurred_on"] = min(own["occurred_on"], body["occurred_on"])
    return put(product, case_id, kind, **own)


def earlier_kind(product: Parts, name: str) -> Kind:
    """The kind a reference is named after, or a talk where any record will do."""
    kinds = (k for k in OF_CASE if k.slug.endswith(f"_{name}") or name.endswith(f"_{k.slug}"))
    return product.catalogue.by_slug.get(name) or next(kinds, product.catalogue.slug("talk"))


def alike(kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    """What both have to say alike, such as the scheme of a grant and of its payment."""
    shared = ("scheme", "role", "staff", "purpose")
    return {n: body[n] for n in shared if n in body and n in kind.type.__struct_fields__}


def is_id(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 36 and bool(UUID(value))
    except ValueError:
        return False


@pytest.mark.parametrize("kind", OF_CASE, ids=lambda k: k.slug)
def test_the_example_of_a_kind_typed_into_its_form_is_recorded(
    sign_in: Callable[[str], Person], product: Parts, kind: Kind
):
    case_id = open_child(product)
    body = prepared(product, case_id, kind)
    person = sign_in("colleague" if kind.slug == "countersignature" else "supervisor")

    answer = fill_in(person, f"/cases/{case_id}/new/{kind.slug}", body | {"late_reason": LATE})

    assert wrong(answer.text) == ""
    assert answer.status_code == 303
    record_id = UUID(answer.headers["location"].split("?")[0].rpartition("/")[2])
    row = product.history.record(case_id, record_id)
    own = {name: value for name, value in body.items() if name in kind.type.__struct_fields__}
    assert typed_again(kind, row["fields"]) == typed_again(kind, own)


def typed_again(kind: Kind, fields: dict[str, Any]) -> Any:
    """The fields in the one form that the kind gives them."""
    return msgspec.convert(fields, kind.type)


def wrong(text: str) -> str:
    """What the page says is wrong with the form."""
    _, found, said = Page(text).text.partition("尚未登记，请先改正以下内容。")
    return " ".join(said.split())[:200] if found else ""


@pytest.mark.parametrize("kind", OF_OTHERS, ids=lambda k: k.slug)
def test_units_and_staff_have_the_same_forms(
    sign_in: Callable[[str], Person], product: Parts, kind: Kind
):
    operator = sign_in("operator" if not kind.declared.recordable else "county")
    code = "village-1" if kind.stream == "unit" else "t-101"
    whose = "units" if kind.stream == "unit" else "staff"
    folder = Path(f"/{whose}/{code}/new")

    form = operator.page(f"{folder}/{kind.slug}").form()

    asked = {name.split(".")[0] for name in form.names}
    named_by_address = {"code", "staff"}
    assert set(kind.type.__struct_fields__) - asked <= named_by_address
