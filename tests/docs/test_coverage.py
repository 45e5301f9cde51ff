"""Every seed of the practice is carried by something that exists, and shown by a test that exists."""

import csv
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from services.casefile.console.registry import MODULES
from services.casefile.domain.catalogue import catalogue
from services.casefile.policies.bundles import bundles
from services.casefile.readmodels.caseload import CaseloadModel
from services.casefile.readmodels.funding_ledger import FundingLedgerModel
from services.casefile.readmodels.inspections import InspectionsModel
from services.casefile.readmodels.roster import RosterModel
from services.casefile.readmodels.worker_activity import WorkerActivityModel
from services.casefile.reports import integrity
from services.casefile.reports.registry import BY_CODE
from tests.casefile.stated import example, stated
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
def stated_paths() -> frozenset[str]:
    """The paths of the facts that the true examples state."""
    examples = ((kind, example(kind)) for kind in catalogue())
    return frozenset(path for kind, rec in examples if rec for path in stated(kind, rec))


def fact_exists(path: str) -> bool:
    return any(known == path or known.startswith(f"{path}.") for known in stated_paths())


@cache
def rules() -> frozenset[str]:
    """`bundle/rule` of everything that is shipped."""
    return frozenset(f"{p.policy}/{rule.code}" for p in bundles() for rule in p.rules)


@cache
def pages() -> frozenset[str]:
    return frozenset(page.path for module in MODULES for page in module.pages())


def is_available(report: str) -> bool:
    """Whether it is drawn; the certificate is refused until there is a seal."""
    return report in BY_CODE and BY_CODE[report].draw is not integrity.draw


def is_published(message: str) -> bool:
    return (ROOT / "schemas" / "messages" / f"{message}.schema.json").is_file()


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
        "report": lambda: is_available(target),
        "page": lambda: target in pages(),
        "message": lambda: is_published(target),
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
        "readmodel:nothing", "rule:nothing/at.all", "view:nothing", "report:R99", "report:R15", "page:/nothing",
        "message:casefile.nothing.v1", "later:never", "nothing",
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
