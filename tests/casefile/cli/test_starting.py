"""What `casefile up` tells its processes of each other."""

from pathlib import Path

import pytest

from services.casefile.cli.starting import beside
from services.casefile.embedded import Provisioned
from services.casefile.settings import Settings

TOKENS = {"service": "token-of-service"}
ADDRESSES = Provisioned(app="a", owner="o", keyring_app="k", keyring_owner="ko", guest="g")


def told(folder: Path) -> dict[str, str]:
    return beside(Settings(state_dir=folder, port=8100), ADDRESSES, TOKENS)


def test_the_console_is_connected_to_the_notifications_that_are_started_beside_it(tmp_path: Path):
    found = told(tmp_path)

    assert found["NOTIFICATIONS_PORT"] == "8110"
    assert found["CASEFILE_NOTIFICATIONS_URL"] == "http://127.0.0.1:8110"
    assert found["CASEFILE_NOTIFICATIONS_TOKEN"] == "token-of-service"


def test_notices_link_to_the_console_that_is_started(tmp_path: Path):
    assert told(tmp_path)["NOTIFICATIONS_CONSOLE_URL"] == "http://127.0.0.1:8100"


def test_what_is_set_already_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NOTIFICATIONS_PORT", "8222")
    assert told(tmp_path)["CASEFILE_NOTIFICATIONS_URL"] == "http://127.0.0.1:8222"

    monkeypatch.setenv("CASEFILE_NOTIFICATIONS_URL", "")
    assert told(tmp_path)["CASEFILE_NOTIFICATIONS_URL"] == ""


def test_a_token_is_read_from_its_file_whenever_it_is_wanted(tmp_path: Path):
    settings = Settings(notifications_token="old", notifications_token_file=tmp_path / "token")
    assert settings.notifications_secret == "old"

    (tmp_path / "token").write_text("new\n")
    assert settings.notifications_secret == "new"
