"""What operators do to read models: prepare, rebuild beside the old, retry a case, throw away."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import groupby
from time import sleep
from uuid import UUID

import structlog

from services.casefile.following import register
from services.casefile.following.building import Build, fill
from services.casefile.following.edition import Edition
from services.casefile.following.errors import TRANSIENT, BuildUnderWay, ReadModelUnknown
from services.casefile.following.following import LARGEST, work_session
from services.casefile.following.lease import Lease
from services.casefile.following.model import Model
from services.casefile.following.pages import Page, Streams
from services.casefile.following.parity import Parity
from services.casefile.following.parking import reason_of
from services.casefile.following.progress import Meter, Progress
from services.casefile.following.register import Follower, Link
from services.casefile.following.retrying import refold
from services.casefile.following.stepping import follow
from services.casefile.following.switching import drop, switch
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder

PATIENCE = 0.5
CHUNK = 10_000
# Whoever holds it prepares; the others find everything prepared.
PREPARING = Edition("prepare", 0, 0)

log = structlog.get_logger(__name__)

Show = Callable[[Progress], None]


def in_silence(_progress: Progress) -> None:
    """For callers who do not want to know."""


class Upkeep:
    """Each task opens its own sessions, so that it may run beside live followers."""

    def __init__(
        self,
        conninfo: str,
        recorder: CasefileRecorder,
        mapper: CasefileMapper,
        models: Sequence[Model],
        *,
        lease_seconds: float = 15.0,
        chunk: int = CHUNK,
    ) -> None:
        self._conninfo = conninfo
        self._recorder = recorder
        self._mapper = mapper
        self._models = {model.name: model for model in models}
        self._seconds = lease_seconds
        self._chunk = chunk

    def prepare(self, show: Show = in_silence) -> list[Parity]:
        """Build what this release reads and the database does not have, or wait for who does it."""
        while True:
            try:
                with self._sessions() as (link, lease):
                    if lease.take(PREPARING):
                        missing = self._missing(link)
                        return self._rebuild(link, lease, missing, show, accept=True)
            except (BuildUnderWay, *TRANSIENT) as error:
                log.warning("preparing_waits", reason=reason_of(error))
            sleep(PATIENCE)

    def rebuild(
        self,
        names: Collection[str] = (),
        show: Show = in_silence,
        *,
        accept_differences: bool = False,
    ) -> list[Parity]:
        """Build new editions, compare them with the active ones, and switch; resumes a killed one.

        Raises EditionsDiffer, and leaves the active edition in place, if they say different things.
        """
        models = [self._model(name) for name in names or self._models]
        with self._sessions() as (link, lease):
            return self._rebuild(link, lease, models, show, accept=accept_differences)

    def retry(self, case_id: UUID, names: Collection[str] = ()) -> list[str]:
        """Write a case anew from its stream, parked or not; returns the models that still fail."""
        failed = []
        with closing(self._link()) as link:
            for model in [self._model(name) for name in names or self._models]:
                active = register.active(link, model.name)
                if active is None or not active.edition.is_of(model):
                    continue
                if not refold(link, self._mapper, active.edition, model, case_id):
                    failed.append(model.name)
        return failed

    def drop_retired(self) -> list[str]:
        """Throw away the editions that were replaced."""
        with closing(self._link()) as link:
            retired = [f for f in register.everyone(link) if f.state == "retired"]
            for follower in retired:
                drop(link, follower)
        return [str(follower.edition) for follower in retired]

    def _rebuild(
        self, link: Link, lease: Lease, models: Sequence[Model], show: Show, *, accept: bool
    ) -> list[Parity]:
        builds = [self._begin(link, lease, model) for model in models]
        self._fill(link, builds, show)
        parities: list[Parity] = []
        for build in builds:
            parities += self._switch(link, build, show, accept=accept)
            lease.give_back(build.follower.edition)
        return parities

    def _begin(self, link: Link, lease: Lease, model: Model) -> Build:
        started = register.unfinished(link, model)
        if started is None:
            active = register.active(link, model.name)
            # Never beyond the old one, so that both can be compared at its position.
            target = self._recorder.head() if active is None else active.position
            started = register.begin(link, model, target)
        if not lease.take(started.edition):
            raise BuildUnderWay(started.edition)
        mine = register.take_over(link, started.edition)
        if mine is None:
            raise BuildUnderWay(started.edition)
        return Build(model, mine)

    def _fill(self, link: Link, builds: Sequence[Build], show: Show) -> None:
        """Those that stand at the same mark share one reading of the log."""
        unfilled = [build for build in builds if build.follower.build_target is not None]
        for _, group in groupby(sorted(unfilled, key=mark), key=mark):
            together = list(group)
            meter = Meter([build.model.name for build in together], together[0].follower, show)
            fill(link, self._mapper, together, self._chunk, meter.count)

    def _switch(self, link: Link, build: Build, show: Show, *, accept: bool) -> list[Parity]:
        model = build.model

        def reach(follower: Follower, position: int) -> Follower:
            return self._reach(link, model, follower, position)

        active = register.active(link, model.name)
        if active is not None:
            show(Progress([model.name], "catching up", build.follower.position, active.position))
            build.follower = reach(build.follower, active.position)
        show(Progress([model.name], "switching", build.follower.position, build.follower.position))
        return switch(link, build.follower, model, reach, accept_differences=accept)

    def _reach(self, link: Link, model: Model, follower: Follower, position: int) -> Follower:
        """Follow the log up to a position and no further."""
        while follower.position < position:
            rows = self._recorder.page(follower.position, LARGEST)
            page = Page([row for row in rows if row[0] <= position], self._mapper)
            streams = Streams(link, self._mapper, page.last)
            follower = follow(link, follower, model, page, streams)
        return follower

    def _missing(self, link: Link) -> list[Model]:
        active = {f.edition for f in register.everyone(link) if f.state == "active"}
        models = self._models.values()
        return [model for model in models if not any(edition.is_of(model) for edition in active)]

    def _model(self, name: str) -> Model:
        if name not in self._models:
            raise ReadModelUnknown(name)
        return self._models[name]

    def _link(self) -> Link:
        return work_session(self._conninfo, self._seconds)

    @contextmanager
    def _sessions(self) -> Iterator[tuple[Link, Lease]]:
        with closing(self._link()) as link, closing(Lease(self._conninfo, self._seconds)) as lease:
            yield link, lease


def mark(build: Build) -> tuple[int, int]:
    follower = build.follower
    cursor = follower.build_cursor
    return (follower.build_target or 0, -1 if cursor is None else cursor.int)
