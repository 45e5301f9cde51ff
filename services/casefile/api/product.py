"""What the API needs of the wired product; the composition's parts satisfy it."""

from typing import Protocol

from services.casefile.application.casefile import Casefile
from services.casefile.application.checking import Checking
from services.casefile.application.clock import Clock
from services.casefile.application.opening import Identities
from services.casefile.domain.catalogue import Catalogue
from services.casefile.exporting.desk import ExportDesk
from services.casefile.history.cohort import Cohort
from services.casefile.history.history import History
from services.casefile.history.inspections import InspectionReader
from services.casefile.history.obligations import Obligations
from services.casefile.history.population import Populations
from services.casefile.history.rulebook import RulebookReader
from services.casefile.log.blind_index import BlindIndex
from services.casefile.log.keyring import Keyring
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.reports.drawing import Reports
from services.casefile.rulebooks.reading import Rulebooks
from services.casefile.rulebooks.time_check import TimeCheck


class Product(Protocol):
    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def casefile(self) -> Casefile: ...
    @property
    def history(self) -> History: ...
    @property
    def obligations(self) -> Obligations: ...
    @property
    def cohort(self) -> Cohort: ...
    @property
    def populations(self) -> Populations: ...
    @property
    def inspections(self) -> InspectionReader: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def exports(self) -> ExportDesk: ...
    @property
    def mapper(self) -> CasefileMapper: ...
    @property
    def rulebooks(self) -> Rulebooks: ...
    @property
    def time_check(self) -> TimeCheck: ...
    @property
    def rulebook(self) -> RulebookReader: ...
    @property
    def checking(self) -> Checking: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def identities(self) -> Identities: ...
    @property
    def recorder(self) -> CasefileRecorder: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def index(self) -> BlindIndex: ...
