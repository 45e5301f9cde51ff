"""Every seed of the practice is carried by something that exists, and shown by a test that exists."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest

from services.casefile.domain.catalogue import Kind, catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author, Envelope, Submission
from services.casefile.domain.facts import fold
from services.casefile.policies.bundles import bundles
from services.casefile.readmodels.caseload import CaseloadModel
from services.casefile.readmodels.funding_ledger import FundingLedgerModel
from services.casefile.readmodels.inspections import InspectionsModel
from services.casefile.readmodels.roster import RosterModel
from services.casefile.readmodels.worker_activity import WorkerActivityModel
from tests.docs.listed import ROOT, is_a_test

RANGES = {
    "A": 34, "B": 36, "C": 40, "D": 23, "E": 18, "F": 23, "G": 12, "H": 18, "I": 12, "J": 14,
    "K": 15, "L": 14, "M": 5, "N": 4, "O": 2,
}  # fmt: skip
TOPICS = ("policy", "bus", "console", "reports", "access", "inspection")
VIEWS = ("history", "status", "diff", "template", "import")
MODELS = {
    m.name
    for m in (RosterModel, CaseloadModel, FundingLedgerModel, WorkerActivityModel, InspectionsModel)
}
SUBMITTED = set(Submission.__struct_fields__)


def read_rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "coverage.tsv").open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


ROWS = read_rows()


def carriers(row: dict[str, str]) -> list[str]:
    return row["carried_by"].split(" ")


def is_later(row: dict[str, str]) -> bool:
    return all(carrier.startswith("later:") for carrier in carriers(row))


def structs_in(annotation: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    for inner in get_args(annotation):
        yield from structs_in(inner)


def annotation_at(root: type[msgspec.Struct], path: list[str]) -> Any:
    """The type of `field` or of `field.inner`; None when there is no such field."""
    annotation = get_type_hints(root).get(path[0])
    if annotation is None or len(path) == 1:
        return annotation
    inner = (annotation_at(struct, path[1:]) for struct in structs_in(annotation))
    return next((found for found in inner if found is not None), None)


def codes_in(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
        return
    for inner in get_args(annotation):
        yield from codes_in(inner)


def field_at(target: str) -> Any:
    slug, *path = target.split(".")
    return annotation_at(catalogue().slug(slug).type, path) if path else None


def code_exists(target: str) -> bool:
    field, _, code = target.partition("=")
    return code in set(codes_in(field_at(field)))


@cache
def stated() -> frozenset[str]:
    """The paths of the facts that the true examples state."""
    return frozenset(path for kind in catalogue() for path in stated_by(kind))


def stated_by(kind: Kind) -> Iterator[str]:
    example = ROOT / "schemas" / "records" / f"{kind.slug}.v{kind.version}.example.json"
    if kind.slug in ("keys", "absorption") or kind.amends:
        return
    body = {k: v for k, v in json.loads(example.read_text()).items() if k not in SUBMITTED}
    rec = msgspec.convert(body, kind.type)
    day, nobody = date(2026, 11, 20), UUID(int=1)
    author = Author("t-101", "class_teacher", "school-1")
    env = Envelope(record_id=nobody, occurred_on=day, recorded_by=author, source="api")
    yield from fold([Entry(nobody, 1, 1, datetime(2026, 11, 20, tzinfo=UTC), kind, env, rec)])


def fact_exists(path: str) -> bool:
    return any(known == path or known.startswith(f"{path}.") for known in stated())


@cache
def rules() -> frozenset[str]:
    """`bundle/rule` of everything that is shipped."""
    return frozenset(f"{p.policy}/{rule.code}" for p in bundles() for rule in p.rules)


def exists(carrier: str) -> bool:
    sort, _, target = carrier.partition(":")
    looks = {
        "kind": lambda: target in catalogue().by_slug,
        "field": lambda: field_at(target) is not None,
        "code": lambda: code_exists(target),
        "fact": lambda: fact_exists(target),
        "readmodel": lambda: target in MODELS,
        "view": lambda: target in VIEWS,
        "rule": lambda: target in rules(),
        "later": lambda: target in TOPICS,
    }
    return sort in looks and looks[sort]()


def test_every_seed_has_exactly_one_row():
    wanted = [f"{letter}{n:02}" for letter, last in RANGES.items() for n in range(1, last + 1)]

    assert [row["id"] for row in ROWS] == wanted


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_carries_a_seed_exists(row: dict[str, str]):
    assert [carrier for carrier in carriers(row) if not exists(carrier)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_shows_a_seed_exists(row: dict[str, str]):
    if is_later(row):
        assert row["test"] == "later"
    else:
        assert is_a_test(row["test"]), row["test"]


def test_what_does_not_exist_is_found_out():
    wrong = (
        "kind:nothing", "field:talk.nothing", "code:talk.place=moon", "fact:nothing",
        "readmodel:nothing", "rule:nothing/at.all", "view:nothing", "later:never", "nothing",
    )  # fmt: skip

    assert [carrier for carrier in wrong if exists(carrier)] == []
    assert not is_a_test("tests/docs/test_coverage.py::test_nothing")
    assert not is_a_test("tests/docs/test_nothing.py::test_nothing")


def test_how_much_is_left_for_later(record_property):
    later = [row["id"] for row in ROWS if is_later(row)]
    partly = [row["id"] for row in ROWS if "later:" in row["carried_by"]]

    record_property("wholly_later", len(later))
    print(f"{len(later)} of {len(ROWS)} rows wholly later: {' '.join(later)}")
    print(f"{len(partly)} rows have a part that comes later")
    assert len(later) <= 10
