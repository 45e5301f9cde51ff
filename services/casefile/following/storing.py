"""Writes what changed in one model, and parks what could not be worked out or was refused."""

from services.casefile.following import parking
from services.casefile.following.changes import Changes
from services.casefile.following.model import Model
from services.casefile.following.register import Follower, Link
from services.casefile.following.writing import Tables


def store(link: Link, follower: Follower, model: Model, changes: Changes, position: int) -> None:
    Tables(link, follower.edition, model.tables).save(changes, position)
    parking.park(link, follower.edition, changes.parked.values())
