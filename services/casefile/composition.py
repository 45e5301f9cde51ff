"""Wires the parts together; the only place that knows them all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from services.casefile import readmodels
from services.casefile.application.amending import Amending
from services.casefile.application.batching import Batching
from services.casefile.application.carrying import Carrying
from services.casefile.application.casefile import Casefile
from services.casefile.application.checking import Checking
from services.casefile.application.clock import Clock, clock_ahead, system_clock
from services.casefile.application.declaring import Declaring
from services.casefile.application.directory import StaffDirectory
from services.casefile.application.examining import Examining
from services.casefile.application.finding import Findings
from services.casefile.application.grouping import Grouping
from services.casefile.application.inspecting import Inspecting
from services.casefile.application.merging import Merging
from services.casefile.application.opening import Identities, Opening
from services.casefile.application.posts import Posts
from services.casefile.application.recording import Judge
from services.casefile.application.relieving import Relieving
from services.casefile.application.ruling import Rulemaking
from services.casefile.application.sealing_keys import SealingKeys
from services.casefile.application.streams import Streams
from services.casefile.application.submissions import Submissions
from services.casefile.application.writer import Writer
from services.casefile.domain.catalogue import Catalogue, catalogue
from services.casefile.embedded import (
    EmbeddedPostgres,
    Provisioned,
    find_pg_binaries,
    provision,
)
from services.casefile.exporting.desk import ExportDesk
from services.casefile.exporting.workplaces import sweep
from services.casefile.following.model import Model
from services.casefile.history.cohort import Cohort
from services.casefile.history.history import History
from services.casefile.history.inspections import InspectionReader
from services.casefile.history.obligations import Obligations
from services.casefile.history.population import Populations
from services.casefile.history.rulebook import RulebookReader
from services.casefile.log.blind_index import BlindIndex
from services.casefile.log.kek import FileKekProvider
from services.casefile.log.keyring import Keyring
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.reports.drawing import Reports
from services.casefile.rulebooks.reading import Rulebooks
from services.casefile.rulebooks.time_check import Bounds, TimeCheck
from services.casefile.settings import Settings


@dataclass(frozen=True)
class Secrets:
    """Where the secrets lie that are never in a database."""

    kek: Path
    index: Path

    def create(self) -> None:
        """Make what is missing; a first start needs nothing by hand."""
        for path in (self.kek, self.index):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        FileKekProvider.create_file(self.kek)
        BlindIndex.create_file(self.index)


@dataclass(frozen=True)
class Parts:
    """Casefile, wired."""

    catalogue: Catalogue
    recorder: CasefileRecorder
    keyring: Keyring
    mapper: CasefileMapper
    index: BlindIndex
    streams: Streams
    keys: SealingKeys
    posts: Posts
    identities: Identities
    directory: StaffDirectory
    casefile: Casefile
    history: History
    rulebooks: Rulebooks
    time_check: TimeCheck
    rulebook: RulebookReader
    checking: Checking
    obligations: Obligations
    cohort: Cohort
    reports: Reports
    exports: ExportDesk
    populations: Populations
    inspections: InspectionReader
    writer: Writer
    submissions: Submissions
    judge: Judge
    clock: Clock

    def close(self) -> None:
        with suppress(Exception):
            self.recorder.close()
        self.keyring.close()


def build(
    conninfo: str,
    keyring_conninfo: str,
    secrets: Secrets,
    *,
    clock: Clock = system_clock,
    entry_deadline_days: int = 7,
    remembered_events: int = 100_000,
    calendar_file: Path | None = None,
    fonts: Path | None = None,
    time_bounds: Bounds = Bounds(),  # noqa: B008 - it cannot be changed
) -> Parts:
    """The parts that every process of Casefile needs."""
    kinds = catalogue()
    recorder = CasefileRecorder.open(conninfo)
    keyring = Keyring(keyring_conninfo, FileKekProvider(secrets.kek))
    mapper = CasefileMapper(kinds)
    index = BlindIndex.from_file(secrets.index)
    streams = Streams(recorder, mapper, remembered_events)
    keys = SealingKeys(keyring, mapper, kinds, clock)
    posts = Posts(streams)
    writer = Writer(recorder, mapper, streams, keys)
    submissions = Submissions(posts, clock)
    judge = Judge(keys, clock, entry_deadline_days)
    identities = Identities(index, recorder)
    rulebooks = Rulebooks(recorder, mapper)
    cohort = Cohort(recorder, conninfo, mapper, clock)
    reports = Reports(cohort, keyring)
    populations = Populations(cohort)
    casefile = Casefile(
        catalogue=kinds,
        writer=writer,
        submissions=submissions,
        judge=judge,
        opening=Opening(writer, submissions, judge, identities, kinds),
        amending=Amending(writer, submissions, judge, keys, posts, identities, kinds),
        merging=Merging(writer, submissions, judge, keys, identities, kinds),
        grouping=Grouping(writer, submissions, judge, kinds),
        batching=Batching(recorder, writer, streams, submissions, judge, kinds),
        rulemaking=Rulemaking(writer, submissions, judge, posts, kinds, calendar_file),
        declaring=Declaring(writer, rulebooks, kinds),
        relieving=Relieving(writer, submissions, judge, rulebooks, kinds),
        carrying=Carrying(writer, submissions, kinds),
        inspecting=Inspecting(
            writer, submissions, judge, streams, cohort.pinning, populations, kinds
        ),
        examining=Examining(writer, submissions, judge, kinds),
        findings=Findings(writer, submissions, judge, streams, rulebooks.units, kinds),
    )
    return Parts(
        catalogue=kinds,
        recorder=recorder,
        keyring=keyring,
        mapper=mapper,
        index=index,
        streams=streams,
        keys=keys,
        posts=posts,
        identities=identities,
        directory=StaffDirectory(recorder.datastore, keyring),
        casefile=casefile,
        history=History(recorder, mapper, keyring),
        rulebooks=rulebooks,
        time_check=TimeCheck(recorder, rulebooks, bounds=time_bounds),
        rulebook=RulebookReader(recorder, mapper),
        checking=Checking(kinds, rulebooks),
        obligations=Obligations(recorder, mapper, rulebooks),
        cohort=cohort,
        reports=reports,
        exports=ExportDesk(reports, casefile, fonts),
        populations=populations,
        inspections=InspectionReader(recorder, mapper, keyring),
        writer=writer,
        submissions=submissions,
        judge=judge,
        clock=clock,
    )


@contextmanager
def databases(settings: Settings) -> Iterator[Provisioned]:
    """The addresses to work with: those of the settings, or of a server of our own."""
    if settings.database_url is not None:
        yield _given(settings)
        return
    server = EmbeddedPostgres(settings.state_dir / "postgres", find_pg_binaries())
    with server as running:
        yield provision(running)


@contextmanager
def opened(settings: Settings, addresses: Provisioned) -> Iterator[Parts]:
    """The parts over these databases, closed at the end."""
    secrets = secrets_of(settings)
    secrets.create()
    sweep()
    parts = build(
        addresses.app,
        addresses.keyring_app,
        secrets,
        clock=clock_ahead(settings.clock_ahead_days),
        entry_deadline_days=settings.entry_deadline_days,
        remembered_events=settings.remembered_events,
        calendar_file=settings.calendar_file,
        fonts=settings.fonts,
        time_bounds=bounds_of(settings),
    )
    try:
        parts.keyring.check()
        yield parts
    finally:
        parts.close()


def secrets_of(settings: Settings) -> Secrets:
    return Secrets(settings.kek_path, settings.index_secret_path)


def bounds_of(settings: Settings) -> Bounds:
    return Bounds(
        timedelta(minutes=settings.clock_disagreement_minutes),
        timedelta(days=settings.clock_silence_days),
    )


def _given(settings: Settings) -> Provisioned:
    """Four addresses; where one is not given, the service's own has to serve."""
    assert settings.database_url is not None
    app = settings.database_url.get_secret_value()
    keyring = settings.keyring_url.get_secret_value() if settings.keyring_url else app
    owner, keyring_owner = settings.owner_database_url, settings.owner_keyring_url
    return Provisioned(
        app=app,
        owner=owner.get_secret_value() if owner else app,
        keyring_app=keyring,
        keyring_owner=keyring_owner.get_secret_value() if keyring_owner else keyring,
    )


def read_models(parts: Parts) -> list[Model]:
    """All read models of this release, ready for a follower."""
    return list(readmodels.models(parts.keyring, parts.index))


def obligation_models(parts: Parts) -> list[Model]:
    """What the clock follows, since it has to know what is due before it declares anything."""
    rulebooks = parts.rulebooks
    return list(readmodels.obligation_models(rulebooks.fresh, rulebooks.units.forget))


def every_read_model(parts: Parts) -> list[Model]:
    """All of them, whichever process follows them."""
    return [*read_models(parts), *obligation_models(parts)]
