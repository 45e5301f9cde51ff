"""The page for operators names every setting with its default, and the roles and databases there are."""

from pathlib import Path

import pytest

from services.casefile.embedded.provision import APP, KEYRING, LOG, OWNER
from services.casefile.settings import Settings
from tests.docs.listed import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text()


def shown(default: object) -> str:
    return "not set" if default is None else f"`{default}`"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_table_with_its_default(name: str):
    default = Settings.model_fields[name].default

    assert f"| `CASEFILE_{name.upper()}` | {shown(default)} |" in PAGE


def test_no_setting_is_made_up():
    named = {line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `CASEFILE_")}

    assert named == {f"CASEFILE_{name.upper()}" for name in Settings.model_fields}


def test_the_secrets_lie_where_the_page_says():
    settings = Settings(state_dir=Path("state"))

    for path in (settings.kek_path, settings.index_secret_path, settings.tokens_path):
        assert f"`{path.relative_to('state')}`" in PAGE


@pytest.mark.parametrize("name", [f"role `{OWNER}`", f"role `{APP}`"])
def test_the_roles_are_named(name: str):
    assert f"| {name} |" in PAGE


@pytest.mark.parametrize("name", [f"database `{LOG}`", f"database `{KEYRING}`"])
def test_the_databases_are_named(name: str):
    assert f"| {name} |" in PAGE
