"""All read models of this release, for whoever wires a follower."""

from services.casefile.following.model import Model
from services.casefile.log.blind_index import BlindIndex
from services.casefile.log.keyring import Keyring
from services.casefile.readmodels.caseload import CaseloadModel
from services.casefile.readmodels.funding_ledger import FundingLedgerModel
from services.casefile.readmodels.names import NameDigests
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
    )
