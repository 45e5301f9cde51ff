"""The cadences that are in use under a name, shipped as policies to adopt or to begin from."""

from functools import cache
from importlib.resources import files

from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.refusals import Absent
from services.casefile.policies.reading import PolicyDocument, read_policy

FOLDER = files(__package__) / "bundles"


class BundleNotFound(Absent):
    """There is no bundle of this name."""

    remedy = "List the bundles with `casefile policy bundles`."


@cache
def bundles() -> tuple[Policy, ...]:
    """All bundles, by name."""
    return tuple(bundle_document(name).policy for name in bundle_names())


def bundle(name: str) -> Policy:
    return bundle_document(name).policy


def bundle_names() -> tuple[str, ...]:
    names = (file.name for file in FOLDER.iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))


def bundle_document(name: str) -> PolicyDocument:
    return read_policy(bundle_text(name), f"bundle:{name}")


def bundle_text(name: str) -> str:
    """The YAML as it is shipped, to be copied and changed."""
    if name not in bundle_names():
        raise BundleNotFound
    return (FOLDER / f"{name}.yaml").read_text("utf-8")
