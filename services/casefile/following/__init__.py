"""The follower: reads the log in order, keeps its models' rows, and saves rows and place together.

It knows nothing of any one model. `Following` runs the active editions live, `Upkeep` builds an
edition beside the old one and switches, `Whereabouts` says how far each is and waits for it.
"""

from services.casefile.following.errors import (
    BuildUnderWay,
    EditionsDiffer,
    NotThereYet,
    ReadModelUnknown,
)
from services.casefile.following.following import Following
from services.casefile.following.progress import Progress
from services.casefile.following.upkeep import Upkeep
from services.casefile.following.whereabouts import FollowerStatus, ParkedCase, Whereabouts

__all__ = [
    "BuildUnderWay",
    "EditionsDiffer",
    "FollowerStatus",
    "Following",
    "NotThereYet",
    "ParkedCase",
    "Progress",
    "ReadModelUnknown",
    "Upkeep",
    "Whereabouts",
]
