"""A file that takes long: its page says how far it is, and the same address hands it over in the end."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from httpx2 import Response
from playwright.sync_api import expect
from pypdf import PdfReader

from services.casefile.api.app import create_app
from services.casefile.console.app import add_console
from services.casefile.readmodels.pages import open_pool
from tests.console.asking import Somebody, text_of
from tests.console.conftest import Look
from tests.console.county import County, product, tokens
from tests.console.held_files import LOOKS, SeenFirst
from tests.servers import Database

FILE = "/reports/R7.csv?unit=c000&position=1000"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def waiting(console_database: Database, console_folder: Path, county: County) -> Iterator[Somebody]:
    """An inspector whose files are made when she has looked twice."""
    with (
        closing(product(console_database, console_folder)) as built,
        open_pool(console_database.app) as pool,
    ):
        app = create_app(built, tokens(), pool=pool)
        add_console(
            app, built, pool, tokens(), console_folder / "session.key", workshop=SeenFirst()
        )
        yield Somebody(app, "inspector")


def page_of(somebody: Somebody, path: str) -> str:
    answer = somebody.get(path, **BROWSER)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_whoever_looks_on_is_led_to_the_page_that_says_how_far_it_is(waiting: Somebody):
    page = page_of(waiting, FILE)

    told = waiting.read(page)

    assert unquote(page.partition("of=")[2]) == FILE
    assert "已读取 1 / 4 份档案" in text_of(told)
    assert 'value="25"' in told


def test_the_page_comes_to_its_end_and_the_address_hands_the_file_over(waiting: Somebody):
    page = page_of(waiting, FILE)

    seen = [waiting.read(page) for _ in range(LOOKS + 1)]
    file = ready(waiting, page)

    assert all("下载文件" not in each for each in seen[:LOOKS])
    assert file.headers["content-disposition"].startswith("attachment")
    assert "留守" in file.text


def ready(somebody: Somebody, page: str) -> Response:
    while "下载文件" not in somebody.read(page):
        pass
    return somebody.get(FILE, **BROWSER)


def test_a_program_waits_and_gets_the_file(waiting: Somebody):
    answer = waiting.get(FILE)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")


def test_a_file_nobody_is_making_is_asked_for_again(waiting: Somebody):
    answer = waiting.get(f"/making?of={quote(FILE)}")

    assert (answer.status_code, answer.headers["location"]) == (303, FILE)


def test_what_cannot_be_made_is_refused_as_anywhere(waiting: Somebody):
    answer = waiting.get("/reports/R2.csv?unit=no-such-unit", **BROWSER)

    assert answer.status_code == 422
    assert "下一步" in answer.text


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "/\\e", ""]
)
def test_the_page_leads_to_no_other_site(waiting: Somebody, address: str):
    assert waiting.get(f"/making?of={quote(address)}").status_code == 404


def test_whoever_may_not_see_the_report_has_no_file_made(stranger: Somebody):
    answer = stranger.get(FILE, **BROWSER)

    assert answer.status_code == 401


def test_a_report_offers_the_file_of_the_very_cut_it_shows(inspector: Somebody):
    page = inspector.read("/reports/R7?unit=c000")

    assert "/reports/R7.csv?unit=c000&amp;as_of=" in page
    assert "position=" in page.partition("/reports/R7.csv")[2][:200]


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_in_a_browser_the_page_moves_on_by_itself(
    look: Look, axe: Callable[..., list[Any]], county: County, script: bool
):
    ending = "pdf" if script else "xlsx"
    page = look("/reports/R7?unit=c000&position=1000", java_script_enabled=script)

    page.get_by_role("link", name=ending.upper()).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    wrong = axe(page) if script else []
    take = page.get_by_role("link", name="下载文件")
    expect(take).to_be_visible(timeout=20_000)
    wrong += axe(page) if script else []
    with page.expect_download() as download:
        take.click()

    assert wrong == []
    assert download.value.suggested_filename.endswith(f".{ending}")
    if ending == "pdf":
        assert len(PdfReader(download.value.path()).pages) >= 1
