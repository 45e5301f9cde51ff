"""All read models of this release, for whoever wires a follower."""

from collections.abc import Callable

from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.following.model import Model
from services.casefile.log.blind_index import BlindIndex
from services.casefile.log.keyring import Keyring
from services.casefile.readmodels.caseload import CaseloadModel
from services.casefile.readmodels.contacts import ContactsModel
from services.casefile.readmodels.entries import EntriesModel
from services.casefile.readmodels.flags import FlagsModel
from services.casefile.readmodels.funding_ledger import FundingLedgerModel
from services.casefile.readmodels.inspections import InspectionsModel
from services.casefile.readmodels.names import NameDigests
from services.casefile.readmodels.obligations import ObligationsModel
from services.casefile.readmodels.roster import RosterModel
from services.casefile.readmodels.staff import StaffModel
from services.casefile.readmodels.units import UnitsModel
from services.casefile.readmodels.worker_activity import WorkerActivityModel


def models(
    keyring: Keyring, index: BlindIndex, *, entry_deadline_days: int = 7
) -> tuple[Model, ...]:
    return (
        RosterModel(NameDigests(keyring, index)),
        CaseloadModel(),
        FundingLedgerModel(),
        WorkerActivityModel(entry_deadline_days),
        UnitsModel(),
        StaffModel(),
        EntriesModel(),
        InspectionsModel(),
        FlagsModel(),
    )


def obligation_models(
    rulebook: Callable[[], Rulebook], forget_units: Callable[[], object]
) -> tuple[Model, ...]:
    """What the clock follows, since it has to know what is due before it declares anything."""
    return (ObligationsModel(rulebook, forget_units), ContactsModel())
