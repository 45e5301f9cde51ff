"""A file that takes long: its page says how far it is, and the same address hands it over in the end."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import pytest
from httpx2 import Response
from playwright.sync_api import expect
from pypdf import PdfReader

from services.casefile.api.app import create_app
from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.console.app import add_console
from services.casefile.console.waiting import Workshops
from services.casefile.readmodels.pages import open_pool
from tests.console.asking import Somebody, text_of
from tests.console.conftest import Look
from tests.console.county import County, product, tokens
from tests.console.held_files import LOOKS, Counting, held_files
from tests.servers import Database

TODAY = day_in_china(system_clock())
FILE = "/reports/R7.csv?unit=c000&position=1000"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@contextmanager
def at_a_desk(database: Database, folder: Path, workshops: Workshops) -> Iterator[Somebody]:
    with closing(product(database, folder)) as built, open_pool(database.app) as pool:
        app = create_app(built, tokens(), pool=pool)
        add_console(app, built, pool, tokens(), folder / "session.key", workshops=workshops)
        yield Somebody(app, "inspector")


@pytest.fixture
def waiting(console_database: Database, console_folder: Path, county: County) -> Iterator[Somebody]:
    """An inspector whose files are made when she has looked twice."""
    with at_a_desk(console_database, console_folder, held_files()) as inspector:
        yield inspector


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def reader(
    console_database: Database, console_folder: Path, county: County, counting: Counting
) -> Iterator[Somebody]:
    """An inspector who is shown of every reading how far it is."""
    workshops = Workshops(readings=counting)
    with at_a_desk(console_database, console_folder, workshops) as inspector:
        yield inspector


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


def test_a_file_that_is_asked_for_again_says_what_is_on_file_by_then(
    inspector: Somebody, teacher: Somebody, county: County
):
    path = f"/cases/{county.case_id}/timeline.json"
    form = {"occurred_on": str(TODAY), "record_id": str(uuid4())}
    first = inspector.get(path, **BROWSER).json()

    teacher.send(f"/cases/{county.case_id}/new/talk", form)
    again = inspector.get(path, **BROWSER).json()

    before, after = (told["tables"][0]["rows"] for told in (first, again))
    assert len(after) == len(before) + 1


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


def test_a_report_is_drawn_once_for_its_page_its_chart_and_its_files(
    reader: Somebody, counting: Counting
):
    asked = "/reports/R7?unit=c000&position=1000"

    address = looked_at(reader, page_of(reader, asked))
    page = reader.get(address, **BROWSER)
    chart = reader.get(unescape(re.findall(r'src="(/reports/R7[.]svg[^"]*)"', page.text)[0]))
    file = reader.get(
        unescape(re.findall(r'href="(/reports/R7[.]csv[^"]*)"', page.text)[0]), **BROWSER
    )

    assert [answer.status_code for answer in (page, chart, file)] == [200] * 3
    assert "<table" in page.text
    assert chart.content.count(b'class="bar"') > 3
    assert file.headers["content-type"].startswith("text/csv")
    assert counting.begun == [address]


def test_what_is_kept_for_one_person_is_not_shown_to_another(
    reader: Somebody, operator: Somebody, counting: Counting
):
    address = looked_at(reader, page_of(reader, "/reports/R7?unit=c000&position=1000"))

    own = looked_at(operator, page_of(operator, address))
    theirs = operator.get(own, **BROWSER)

    assert "小于5的数目" in text_of(theirs.text)
    assert "小于5的数目" not in text_of(reader.get(address, **BROWSER).text)


def test_a_program_that_asks_for_a_report_keeps_nothing(reader: Somebody, counting: Counting):
    answer = reader.get("/reports/R7?unit=c000&position=1000")

    assert answer.status_code == 200
    assert counting.begun == []


def test_a_report_that_is_refused_is_refused_on_the_page_that_waited(reader: Somebody):
    page = page_of(reader, "/reports/R2?unit=no-such-unit&position=1000")

    answer = reader.get(page, **BROWSER)
    while answer.status_code == 200:
        answer = reader.get(page, **BROWSER)

    assert answer.status_code == 422


def test_whom_one_may_draw_is_read_before_the_form_asks(
    reader: Somebody, county: County, counting: Counting
):
    form = f"/inspections/{county.inspection}/sample"

    address = looked_at(reader, page_of(reader, form))

    assert address == form
    assert "sample_size" in reader.get(form, **BROWSER).text


def looked_at(somebody: Somebody, page: str) -> str:
    """Where the page leads once it is ready."""
    while "打开查看" not in (told := somebody.read(page)):
        pass
    return unescape(re.findall(r'class="button main" href="([^"]*)"', told)[0])


@pytest.fixture
def operator(reader: Somebody) -> Somebody:
    return Somebody(reader.app, "operator")


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
