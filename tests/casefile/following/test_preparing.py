"""What a release reads is built once, by whoever starts first; the others wait for it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from services.casefile.following import Upkeep, register
from services.casefile.following.following import work_session
from services.casefile.following.lease import Lease
from tests.casefile.following.county import County, county
from tests.casefile.world import open_child
from tests.servers import Database


def test_several_processes_prepare_at_once_and_build_once(
    database: Database, tmp_path: Path
) -> None:
    with county(database, tmp_path) as world:
        open_child(world.parts)

        with ThreadPoolExecutor(3) as pool:
            for each in [pool.submit(upkeep(world).prepare) for _ in range(3)]:
                each.result(60)

        assert {(s.state, s.generation) for s in world.whereabouts.status()} == {("active", 1)}
        assert world.rows() == world.folded()


def test_a_build_left_by_a_dead_process_is_taken_over(database: Database, tmp_path: Path) -> None:
    with county(database, tmp_path) as world:
        open_child(world.parts)
        model = world.models[0]
        with closing(work_session(database.app, 15)) as link:
            begun = register.begin(link, model, world.parts.recorder.head())
            lease = Lease(database.app, 15)
            lease.take(begun.edition)

            with ThreadPoolExecutor(1) as pool:
                preparing = pool.submit(upkeep(world).prepare)
                lease.close()
                preparing.result(60)

        assert world.rows() == world.folded()


def upkeep(world: County) -> Upkeep:
    return Upkeep(world.database.app, world.parts.recorder, world.parts.mapper, world.models)
