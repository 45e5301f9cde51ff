"""One follower at a time per read model, whatever freezes, dies or comes back."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event

import psycopg
import pytest

from services.casefile.following import Following, register
from services.casefile.following.errors import Superseded
from services.casefile.following.following import work_session
from services.casefile.following.pages import Page, Streams
from services.casefile.following.stepping import follow
from tests.casefile.following.county import County
from tests.casefile.following.process import end, start
from tests.casefile.world import open_child

SECONDS = 20.0
SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name ~ %s"
)


def test_a_second_follower_waits_while_the_first_follows(world: County) -> None:
    world.follow()
    open_child(world.parts)

    with closing(world.another()) as second:
        second.catch_up()

        assert world.table("roster") == []

    world.follow()
    assert world.rows() == world.folded()


def test_the_second_takes_over_when_the_first_stops(world: County) -> None:
    world.follow()
    open_child(world.parts)
    world.following.close()

    with closing(world.another()) as second:
        second.catch_up()

    assert world.rows() == world.folded()


def test_one_that_was_fenced_off_changes_nothing(world: County) -> None:
    open_child(world.parts)
    with closing(work_session(world.database.app, 15)) as link:
        sleeper = register.active(link, "roster")
        assert sleeper is not None
        register.take_over(link, sleeper.edition)
        page = Page(world.parts.recorder.page(sleeper.position, 100), world.parts.mapper)

        with pytest.raises(Superseded):
            streams = Streams(link, world.parts.mapper, page.last)
            follow(link, sleeper, world.models[0], page, streams)

    assert world.table("roster") == []


@pytest.mark.process
def test_a_frozen_follower_loses_its_lease_and_does_no_harm_when_it_wakes(world: County) -> None:
    frozen = start(world, lease_seconds=1.0)
    try:
        case = open_child(world.parts)
        until(lambda: reached_head(world))
        frozen.send_signal(signal.SIGSTOP)
        world.record(case, "talk")

        with closing(world.another()) as second, running(second):
            until(lambda: reached_head(world))
            frozen.send_signal(signal.SIGCONT)
            for day in range(10, 19):
                world.record(case, "talk", f"2026-11-{day}")
            until(lambda: reached_head(world))

            assert world.rows() == world.folded()

        world.record(case, "talk")
        until(lambda: reached_head(world))
        assert world.rows() == world.folded()
    finally:
        end(frozen)


@pytest.mark.process
def test_killed_followers_leave_every_event_applied_once(world: County) -> None:
    case = open_child(world.parts)

    for round_ in range(3):
        before = world.whereabouts.position("worker_activity")
        follower = start(world)
        try:
            for day in range(2, 19):
                world.record(case, "talk", f"2026-{9 + round_:02}-{day:02}")
            until(lambda before=before: world.whereabouts.position("worker_activity") > before)
        finally:
            end(follower)

    until(lambda: followed(world))
    assert world.rows() == world.folded()


def test_a_dead_listener_costs_time_and_nothing_else(world: County) -> None:
    with closing(world.another()) as follower, running(follower):
        for _ in range(3):
            world.harm(SESSIONS, "casefile-wake")
            open_child(world.parts)
            until(lambda: reached_head(world))

    assert world.rows() == world.folded()


def test_lost_connections_are_replaced(world: County) -> None:
    with closing(world.another()) as follower, running(follower):
        for _ in range(2):
            world.harm(SESSIONS, "casefile")
            open_child(world.parts)
            until(lambda: reached_head(world))

    assert world.rows() == world.folded()


@contextmanager
def running(follower: Following) -> Iterator[None]:
    """A follower in a thread of its own."""
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        ran = pool.submit(follower.run, stop)
        try:
            yield
        finally:
            stop.set()
        ran.result(SECONDS)


def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition, a long time at most."""
    never = Event()
    for _ in range(int(SECONDS / 0.02)):
        if holds():
            return
        never.wait(0.02)
    raise TimeoutError


def reached_head(world: County) -> bool:
    try:
        return all(status.behind == 0 for status in world.whereabouts.status())
    except psycopg.OperationalError:
        return False


def followed(world: County) -> bool:
    world.follow()
    return reached_head(world)
