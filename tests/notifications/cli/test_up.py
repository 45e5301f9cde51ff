"""`casefile up` brings the service along, with a database of its own and the feed."""

import re
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.casefile.cli.processes import up, waited

pytestmark = pytest.mark.process


def test_what_is_started_with_one_command_reads_the_feed_and_answers(tmp_path: Path) -> None:
    with up(tmp_path, 10) as running:
        port = (urlsplit(running.base).port or 0) + 10
        base = f"http://127.0.0.1:{port}"
        assert waited(lambda: answers(f"{base}/readyz"))
        assert waited(lambda: "consuming" in running.log.read_text())
        assert waited(lambda: has_received(base, running.token("operator")))
    assert "Notifications stopped." in running.log.read_text()


def has_received(base: str, token: str) -> bool:
    request = urllib.request.Request(
        f"{base}/metrics", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        [age] = re.findall(
            r"^notifications_last_message_seconds (\S+)$", answer.read().decode(), re.MULTILINE
        )
    return float(age) > 0


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False
