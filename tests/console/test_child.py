"""One child on both clocks: what an inspector sees of a record, a correction, a day in the past."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from services.casefile.application.clock import day_in_china, system_clock
from tests.console.asking import Somebody, text_of
from tests.console.county import County

TODAY = day_in_china(system_clock())


def row(page: str, record_id: UUID) -> str:
    """The line of the timeline that links to a record."""
    [line] = [
        li
        for li in re.findall(r"<li id=.*?</li>", page, re.DOTALL)
        if f'/records/{record_id}">谈心' in li
    ]
    return line


def test_a_correction_shows_the_old_value_struck_beside_the_new_one(
    inspector: Somebody, county: County
):
    line = row(inspector.read(f"/cases/{county.case_id}/timeline"), county.talk)

    assert re.search(r"<del>\s*低落\s*</del>", line)
    assert re.search(r"<ins>\s*平静\s*</ins>", line)
    assert "选错了一项" in line
    assert "c000-t01-sch-01-t" in line


def test_an_annulled_record_stays_struck_through_with_its_ground(
    inspector: Somebody, county: County
):
    line = row(inspector.read(f"/cases/{county.case_id}/timeline"), county.annulled)

    assert 'class=" annulled"' in line
    assert "重复登记" in line
    assert "已作废" in line


def test_a_record_says_when_it_happened_when_it_was_entered_and_how_late(
    inspector: Somebody, county: County
):
    page = inspector.read(f"/cases/{county.case_id}/timeline?kind=opening")

    assert f">{TODAY - timedelta(30)}</time>" in page
    assert "补录 30 天" in page
    assert "学期初集中建档" in page


def test_every_current_value_links_to_the_record_that_says_so(inspector: Somebody, county: County):
    page = inspector.read(f"/cases/{county.case_id}")
    mood = page[page.index("情绪状态") :]

    source = re.search(r'class="source dim" href="([^"]+)"', mood)

    assert source is not None
    assert source[1].endswith(str(county.talk))
    assert "平静" in text_of(inspector.read(source[1]))


def test_what_had_happened_leaves_out_what_happened_later(inspector: Somebody, county: County):
    day = TODAY - timedelta(7)

    page = inspector.read(f"/cases/{county.case_id}/timeline?as_of={day}")

    assert "建档" in page
    assert str(county.talk) not in page


def test_what_the_file_said_before_it_was_opened_is_nothing_and_no_fault(
    inspector: Somebody, county: County
):
    for clock in ("as_of", "known_at"):
        for part in ("", "/timeline", "/obligations", "/funding"):
            page = inspector.read(f"/cases/{county.case_id}{part}?{clock}=2001-01-01")

            assert "那时该儿童尚未建档" in page
            assert county.name not in page


def test_the_moment_goes_along_to_the_other_pages_of_the_file(inspector: Somebody, county: County):
    page = inspector.read(f"/cases/{county.case_id}/timeline?as_of={TODAY}&kind=talk")

    assert f'href="/cases/{county.case_id}/obligations?as_of={TODAY}"' in page


def test_a_diff_names_the_record_and_who_made_it(inspector: Somebody, county: County):
    before = TODAY - timedelta(30)

    page = inspector.read(
        f"/cases/{county.case_id}/diff?clock=happened&before={before}&after={TODAY}"
    )

    mood = page[page.index("情绪状态") : page.index("</tr>", page.index("情绪状态"))]
    assert "<ins>平静</ins>" in re.sub(r"\s+", "", mood)
    assert str(county.talk) in mood
    assert "c000-t01-sch-01-t" in mood


def test_a_diff_with_a_day_before_the_file_says_where_it_begins(
    inspector: Somebody, county: County
):
    page = inspector.read(f"/cases/{county.case_id}/diff?before=2001-01-01")

    assert "其中一天档案尚不存在" in page


def test_the_timeline_goes_on_page_by_page_without_losing_a_record(
    inspector: Somebody, county: County
):
    roster = inspector.read("/roster?limit=200")
    longest, total = "", 0
    for case_id in set(re.findall(r"/cases/([0-9a-f-]{36})", roster)):
        found = int(re.search(r"共 (\d+) 条记录", inspector.read(f"/cases/{case_id}/timeline"))[1])
        longest, total = (case_id, found) if found > total else (longest, total)

    path, seen = f"/cases/{longest}/timeline", []
    while path:
        page = inspector.read(path)
        seen += re.findall(r'<li id="r(\d+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""

    assert total > 25
    assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx", "pdf"])
@pytest.mark.parametrize("part", ["timeline", "obligations", "funding"])
def test_the_same_address_is_also_a_file_without_a_name_in_it(
    inspector: Somebody, county: County, part: str, ending: str
):
    answer = inspector.get(f"/cases/{county.case_id}/{part}.{ending}")

    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert len(answer.content) > 100
    if ending in ("json", "csv"):
        assert county.name not in answer.text
