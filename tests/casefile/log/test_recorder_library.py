"""The library's own recorder test cases, run against ours."""

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from services.casefile.log.recorder import CasefileRecorder
from tests.servers import Database


def library_cases() -> Any:
    """The module also imports the library's cipher, whose dependency we have no use for."""
    cipher = ModuleType("eventsourcing.cipher")
    cipher.AESCipher = object
    sys.modules["eventsourcing.cipher"] = cipher
    try:
        return importlib.import_module("eventsourcing.tests.persistence")
    finally:
        del sys.modules["eventsourcing.cipher"]


CASES = library_cases()


class OnOurRecorder:
    @pytest.fixture(autouse=True)
    def _give_database(self, database: Database) -> Iterator[None]:
        self.opened: list[CasefileRecorder] = []
        self.database = database
        yield
        for recorder in self.opened:
            recorder.close()

    def create_recorder(self) -> CasefileRecorder:
        self.opened.append(CasefileRecorder.open(self.database.app))
        return self.opened[-1]


class TestApplicationRecorder(OnOurRecorder, CASES.ApplicationRecorderTestCase):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestPositionsDoNotInterleave(OnOurRecorder, CASES.NonInterleavingNotificationIDsBaseCase):
    pass
