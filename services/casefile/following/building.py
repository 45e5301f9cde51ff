"""Fills new editions: stream by stream up to a fixed position, so that each child is folded once.

A chunk of streams, and the mark how far the build is, are one transaction: a killed build goes on
where it was. What the log took meanwhile is followed afterwards like anything else.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from services.casefile.following import parking, register
from services.casefile.following.changes import Changes
from services.casefile.following.counting import counts_of
from services.casefile.following.edition import create_indexes
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Table
from services.casefile.following.pages import next_streams
from services.casefile.following.register import Follower, Link
from services.casefile.following.writing import OF_THE_ROWS, Tables
from services.casefile.log.mapper import CasefileMapper

Report = Callable[[int], None]


class Build(msgspec.Struct):
    """One edition under construction."""

    model: Model
    follower: Follower


def fill(
    link: Link, mapper: CasefileMapper, builds: Sequence[Build], chunk: int, report: Report
) -> None:
    """Build editions that stand at the same mark, in one reading of the log."""
    target, cursor = builds[0].follower.build_target, builds[0].follower.build_cursor
    assert target is not None
    while streams := next_streams(link, mapper, cursor, target, chunk):
        cursor = streams[-1].id
        events = sum(len(stream.stored) for stream in streams)
        folded = _fold([build.model for build in builds], streams)
        with link.transaction():
            for build, changes in zip(builds, folded, strict=True):
                build.follower = _fill_one(link, build, changes, cursor, events)
        report(events)
    for build in builds:
        _finish(link, build)


def _fold(models: Sequence[Model], streams: Sequence[Folded]) -> list[Changes]:
    """One stream after the other through all models: each is decoded once, and soon forgotten."""
    for model in models:
        model.prepare(streams)
    folded = [Changes() for _ in models]
    for stream in streams:
        for model, changes in zip(models, folded, strict=True):
            changes.restate_one(model, stream)
        stream.forget()
    return folded


def _fill_one(link: Link, build: Build, changes: Changes, cursor: UUID, events: int) -> Follower:
    follower = build.follower
    register.record_built(link, follower, cursor, events)
    tables = Tables(link, follower.edition, with_rows(build.model))
    try:
        with link.transaction():
            tables.fill(changes.restated)
    except OF_THE_ROWS:
        tables.save(changes, follower.build_target or 0)
    parking.park(link, follower.edition, changes.parked.values())
    return msgspec.structs.replace(follower, build_cursor=cursor, built=follower.built + events)


def _finish(link: Link, build: Build) -> None:
    """Give the tables their indexes; from here on the edition follows the log."""
    follower = build.follower
    with link.transaction():
        register.finish_build(link, follower)
        for counts in counts_of(follower.edition, build.model.tables).values():
            for count in counts:
                count.anew(link)
        for table in build.model.tables:
            for statement in create_indexes(follower.edition, table):
                link.execute(statement.encode())
    target = follower.build_target or 0
    build.follower = msgspec.structs.replace(
        follower, position=target, build_target=None, build_cursor=None
    )


def with_rows(model: Model) -> list[Table]:
    """Those that are filled; what counts them is counted once they are full."""
    return [table for table in model.tables if table.counts is None]
