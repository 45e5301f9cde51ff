"""Takes the pictures of the console that the documents show, of an invented county of its own.

    python -m tools.screenshots [FOLDER]

Needs what the browser tests need: playwright and Debian's chromium. Takes a minute or two.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium"
CHILDREN = "120"
PATIENCE = 240.0
WIDE, NARROW = (1280, 860), (360, 720)
# Name, who looks, the address, and how large the window is.
PICTURES: tuple[tuple[str, str, str, tuple[int, int]], ...] = (
    ("today", "inspector", "/", WIDE),
    ("roster", "inspector", "/roster", WIDE),
    ("file", "inspector", "/cases/{case}", WIDE),
    ("timeline", "inspector", "/cases/{case}/timeline?kind={kind}&kind=guardian_contact", WIDE),
    ("two-days", "inspector", "/cases/{case}/diff", WIDE),
    ("board", "inspector", "/board?state=missed&state=late", WIDE),
    ("compliance", "inspector", "/compliance?by=township", WIDE),
    ("back-filling", "inspector", "/backfill", WIDE),
    ("talk", "supervisor", "/cases/{case}/new/talk", NARROW),
)


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="casefile-") as state, up(Path(state)) as base:
        tokens = json.loads((Path(state) / "secrets" / "demo-tokens.json").read_text())
        case_id, kind = corrected(base, tokens["inspector"])
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            for name, role, path, size in PICTURES:
                page = signed_in(browser, base, tokens[role], size)
                page.goto(base + path.format(case=case_id, kind=kind), wait_until="networkidle")
                page.screenshot(path=folder / f"{name}.png")
                page.context.close()
                print(folder / f"{name}.png")
            browser.close()
    return 0


@contextmanager
def up(state: Path) -> Iterator[str]:
    """`casefile up` in a folder of its own, once its lists have caught up and misses are declared."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    own = {"CASEFILE_STATE_DIR": str(state), "CASEFILE_PORT": str(port)}
    command = [sys.executable, "-m", "services.casefile", "up", "--children", CHILDREN]
    with (state / "up.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | own, stdout=log, stderr=log)
    try:
        wait_until(lambda: asked(f"{base}/readyz") is not None, process)
        tokens = json.loads((state / "secrets" / "demo-tokens.json").read_text())
        missed = f"{base}/v1/obligations/counts?by=obligor&state=missed"
        wait_until(lambda: bool((asked(missed, tokens["inspector"]) or {}).get("rows")), process)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_until(holds: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("the county did not come up")
        time.sleep(0.5)


def corrected(base: str, token: str) -> tuple[str, str]:
    """A file with a correction in it, and the kind of the record that was corrected."""
    for row in (asked(f"{base}/v1/roster?limit=200&status=open", token) or {})["rows"]:
        history = asked(f"{base}/v1/cases/{row['case_id']}/history?limit=1000", token) or {}
        for record in history["rows"]:
            if record["corrected"]:
                return row["case_id"], record["kind"]
    raise SystemExit("no record of the county was corrected")


def asked(url: str, token: str | None = None) -> dict[str, Any] | None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urlopen(Request(url, headers=headers), timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except (URLError, OSError):
        return None


def signed_in(browser: Browser, base: str, token: str, size: tuple[int, int]) -> Page:
    window: Any = {"width": size[0], "height": size[1]}
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=window)
    page = context.new_page()
    page.goto(f"{base}/login")
    page.fill("#token", token)
    page.click("main button")
    page.wait_for_url(f"{base}/")
    return page


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
