"""Rows are a function of the log: however it is cut, and whoever applies it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.casefile.following import register
from services.casefile.following.following import work_session
from services.casefile.following.pages import Page, Streams
from services.casefile.following.stepping import follow
from tests.casefile.following.county import County, county
from tests.casefile.following.lives import live
from tests.casefile.world import open_child
from tests.servers import Database

SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture
def lived(database: Database, tmp_path: Path) -> Iterator[County]:
    with county(database, tmp_path) as world:
        world.upkeep.prepare()
        live(world, children=3, records=90, seed=7)
        yield world


def test_rows_are_what_the_whole_log_folds_to(lived: County) -> None:
    lived.follow()

    assert lived.rows() == lived.folded()


def test_following_after_every_record_gives_the_same_rows(world: County) -> None:
    case = open_child(world.parts)

    for day in range(40):
        world.record(case, "talk", f"2026-10-{day % 19 + 2:02}", mood="calm")
        world.follow()

    assert world.rows() == world.folded()


@settings(max_examples=15, deadline=None, suppress_health_check=SUPPRESSED)
@given(cuts=st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_any_cut_of_the_log_into_pages_gives_the_same_rows(lived: County, cuts: list[int]) -> None:
    begin_anew(lived)

    follow_in_pages(lived, cuts)

    assert lived.rows() == lived.folded()


def test_a_page_applied_twice_is_refused_the_second_time(lived: County) -> None:
    begin_anew(lived)
    page = Page(lived.parts.recorder.page(0, 1000), lived.parts.mapper)

    with closing(work_session(lived.database.app, 15)) as link:
        model = lived.models[0]
        before = register.active(link, model.name)
        assert before is not None
        follow(link, before, model, page, Streams(link, lived.parts.mapper, page.last))

        with pytest.raises(register.Superseded):
            follow(link, before, model, page, Streams(link, lived.parts.mapper, page.last))


def test_an_edition_built_at_once_equals_one_that_followed(lived: County) -> None:
    lived.follow()

    parities = lived.upkeep.rebuild()

    assert parities
    assert not any(parity.differences for parity in parities)


def begin_anew(world: County) -> None:
    world.following.close()
    with psycopg.connect(world.database.app, autocommit=True) as connection:
        for model in world.models:
            for table in model.tables:
                connection.execute(f"TRUNCATE readmodels.{table.name}_v1".encode())
        connection.execute("UPDATE casefile.followers SET position = 0")


def follow_in_pages(world: County, cuts: list[int]) -> None:
    with closing(work_session(world.database.app, 15)) as link:
        for model in world.models:
            follower = register.active(link, model.name)
            assert follower is not None
            for size in (*cuts, 10_000):
                if rows := world.parts.recorder.page(follower.position, size):
                    page = Page(rows, world.parts.mapper)
                    streams = Streams(link, world.parts.mapper, page.last)
                    follower = follow(link, follower, model, page, streams)
