"""The invented world, followed."""

from tests.casefile.following.conftest import world

__all__ = ["world"]
