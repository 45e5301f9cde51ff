"""One server over a small county, one browser, and who looks at it; nothing may go wrong unseen."""

import os
from asyncio.events import _set_running_loop, get_running_loop
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, Request

from services.casefile.api.app import create_app
from services.casefile.console.app import add_console
from services.casefile.readmodels.pages import open_pool
from tests.casefile.api.served import Served, served
from tests.console.asking import Somebody
from tests.console.county import County, product, settled, token, tokens
from tests.npm import installed
from tests.servers import Database, Template

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
LEVELS = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
Look = Callable[..., Page]


@pytest.fixture(scope="session")
def console_database(template: Template) -> Iterator[Database]:
    with template.clone() as fresh:
        yield fresh


@pytest.fixture(scope="session")
def console_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("console")


@pytest.fixture(scope="session")
def county(console_database: Database, console_folder: Path) -> County:
    return settled(console_database, console_folder)


@pytest.fixture(scope="session")
def console_app(
    console_database: Database, console_folder: Path, county: County
) -> Iterator[FastAPI]:
    """The same in this process, for what needs no browser."""
    with (
        closing(product(console_database, console_folder)) as built,
        open_pool(console_database.app) as pool,
    ):
        app = create_app(built, tokens(), pool=pool)
        add_console(app, built, pool, tokens(), console_folder / "session.key")
        yield app


@pytest.fixture(scope="session")
def inspector(console_app: FastAPI) -> Somebody:
    return Somebody(console_app, "inspector")


@pytest.fixture(scope="session")
def teacher(console_app: FastAPI) -> Somebody:
    return Somebody(console_app, "teacher")


@pytest.fixture
def stranger(console_app: FastAPI) -> Somebody:
    return Somebody(console_app, None)


@pytest.fixture(scope="session")
def console(console_database: Database, console_folder: Path, county: County) -> Iterator[Served]:
    with served(console_database, console_folder, "tests.console.worker") as running:
        yield running


@pytest.fixture(scope="session")
def base_url(console: Served) -> str:
    return f"http://127.0.0.1:{console.port}"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if not Path(CHROMIUM).exists():
        said = f"NOT LOOKED AT IN A BROWSER: there is no {CHROMIUM}. Run deploy/debian-packages.sh."
        if os.environ.get("CI") or os.environ.get("CASEFILE_TEST_BROWSER") == "required":
            pytest.fail(said, pytrace=False)
        pytest.skip(said)
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(QUIET)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session")
def browser_loop(browser: Browser) -> Iterator[Any]:
    """Playwright leaves its loop running in this thread; other tests may not find it there."""
    loop = get_running_loop()
    _set_running_loop(None)
    yield loop
    _set_running_loop(loop)


@pytest.fixture
def in_loop(browser_loop: Any) -> Iterator[None]:
    _set_running_loop(browser_loop)
    yield
    _set_running_loop(None)


@pytest.fixture(scope="session")
def signed_in(base_url: str, browser: Browser, browser_loop: Any) -> Callable[[str], Any]:
    """The cookies of a role, signed in once."""
    known: dict[str, Any] = {}

    def state(role: str) -> Any:
        if role not in known:
            context = browser.new_context(base_url=base_url, locale="zh-CN")
            page = context.new_page()
            page.goto("/login")
            page.fill("#token", token(role))
            page.click("main button")
            page.wait_for_url(f"{base_url}/")
            known[role] = context.storage_state()
            context.close()
        return known[role]

    return state


@pytest.fixture
def look(
    base_url: str,
    browser: Browser,
    browser_context_args: dict[str, Any],
    signed_in: Callable[[str], Any],
    in_loop: None,
) -> Iterator[Look]:
    """Opens a page as somebody; at the end nothing may have been said on the console or asked elsewhere."""
    contexts: list[BrowserContext] = []
    seen = Watch(base_url)

    def opened(
        path: str,
        role: str | None = "inspector",
        width: int = 1280,
        *,
        tolerated: Sequence[str] = (),
        **options: Any,
    ) -> Page:
        seen.tolerated += tolerated
        wanted = {**browser_context_args, "base_url": base_url, **options}
        wanted["viewport"] = {"width": width, "height": 900}
        if role is not None:
            wanted["storage_state"] = signed_in(role)
        context = browser.new_context(**wanted)
        contexts.append(context)
        page = context.new_page()
        seen.watch(page)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert seen.wrong == []


class Watch:
    """What no page may do."""

    def __init__(self, base_url: str) -> None:
        self.wrong: list[str] = []
        self.tolerated: list[str] = []
        self._base = base_url

    def watch(self, page: Page) -> None:
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", self._asked)

    def _said(self, kind: str, text: str) -> None:
        is_meant = any(part in text for part in self.tolerated)
        if kind in ("error", "warning") and not is_meant:
            self.wrong.append(text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._base, "data:")):
            self.wrong.append(f"asked {request.url}")


@pytest.fixture(scope="session")
def axe_source() -> str:
    installed(HERE, "AXE")
    return (HERE / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def axe(axe_source: str) -> Callable[..., list[Any]]:
    """What axe finds wrong with a page."""

    def checked(page: Page, without: Sequence[str] = ()) -> list[Any]:
        page.evaluate(axe_source)
        rules = {rule: {"enabled": False} for rule in without}
        options = {"runOnly": list(LEVELS), "rules": rules, "resultTypes": ["violations"]}
        told = page.evaluate("options => axe.run(document, options)", options)
        return [
            (v["id"], v["impact"], [node["target"] for node in v["nodes"]][:5])
            for v in told["violations"]
        ]

    return checked
