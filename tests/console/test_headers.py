"""What every answer of the console says to the browser, and what it never says."""

import base64
import hashlib
import json
import re

import pytest

from services.casefile.console.assets import FOLDER
from tests.console.asking import Somebody, text_of
from tests.console.county import MARKUP, County

PAGES = ("/", "/roster", "/board", "/compliance", "/caseload", "/funding", "/quotas", "/rulebook")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_kept_by_nobody_and_loads_nothing_from_elsewhere(inspector: Somebody, path: str):
    answer = inspector.get(path)

    csp = answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert csp.startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in csp
    assert not re.search(r"""(src|href|action)=["'](https?:)?//""", answer.text)
    assert not re.search(r"<style|<script>|\sstyle=|\son[a-z]+=", answer.text)


def test_files_are_kept_for_ever_because_their_names_change(inspector: Somebody):
    page = inspector.read("/")
    addresses = set(re.findall(r'"(/static/[^"]+)"', page))

    answers = [inspector.get(address) for address in addresses]

    assert len(addresses) == 4
    assert {a.status_code for a in answers} == {200}
    assert {a.headers["cache-control"] for a in answers} == {"public, max-age=31536000, immutable"}
    assert inspector.get("/static/console.000000000000.css").status_code == 404
    assert inspector.get("/static/../app.py").status_code == 404


def test_what_was_taken_over_is_what_its_authors_published():
    for name, told in json.loads((FOLDER / "vendor.json").read_text()).items():
        digest = hashlib.sha384((FOLDER / name).read_bytes()).digest()

        assert base64.b64encode(digest).decode() == told["sha384"], name
        assert told["integrity"].startswith("sha512-")
        assert re.fullmatch(r"\d+\.\d+\.\d+", told["version"])
        assert (FOLDER / f"{name.partition('.')[0]}.LICENSE").exists()


def test_markup_in_a_note_is_text(inspector: Somebody, county: County):
    for part in ("/timeline", f"/records/{county.talk}"):
        page = inspector.read(f"/cases/{county.case_id}{part}")

        assert "<script>alert" not in page
        assert MARKUP in text_of(page)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/cases/abc",
        "/cases/00000000-0000-7000-8000-000000000000",
        "/cases/{case}/timeline?as_of=yesterday",
        "/cases/{case}/timeline?as_of=2026-02-30",
        "/cases/{case}/timeline?secret=柳湾春云",
        "/cases/{case}/timeline?before=x",
        "/cases/{case}/records/00000000-0000-7000-8000-000000000000",
        "/cases/{case}/nothing.json",
        "/roster?cursor=made-up",
        "/roster?limit=1000",
        "/find?case=张三",
        "/board?state=angry",
        "/compliance?since=2026-09-01&until=2026-08-01",
        "/rulebook/nothing",
        "/roster.docx",
        "/roster.csv?purpose=fun",
    ],
)
def test_a_wrong_address_is_a_page_that_says_what_to_do_next(
    inspector: Somebody, county: County, path: str
):
    answer = inspector.get(path.format(case=county.case_id))

    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "下一步" in answer.text
    assert "Traceback" not in answer.text
    assert "柳湾春云" not in answer.text
    assert "张三" not in answer.text


def test_a_form_that_is_too_large_or_is_none_is_refused(inspector: Somebody):
    large = inspector.send("/find", {"name": "x" * 300_000})
    broken = inspector.client.post(
        "/find", content=b"name=%ff\xff", headers={"origin": "http://testserver"}
    )

    assert large.status_code == 413
    assert broken.status_code == 403
