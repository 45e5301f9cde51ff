"""Named keyrings and sealed values that the tests of keys and sealing start from."""

import os
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.casefile.log.data_key import DataKey
from services.casefile.log.kek import FileKekProvider
from services.casefile.log.keyring import Keyring

CLASSES = ("identity", "welfare", "guardian")
NOBODY_LISTENS = "host=/nonexistent dbname=casefile_keyring"


def kek_file(folder: Path) -> FileKekProvider:
    FileKekProvider.create_file(folder / "kek.json")
    return FileKekProvider(folder / "kek.json")


OpenRing = Callable[..., Keyring]


def data_key(data_class: str = "welfare", dek: bytes | None = None) -> DataKey:
    return DataKey(uuid4(), data_class, 1, dek or os.urandom(32))


def subjects(count: int) -> list[UUID]:
    return [uuid4() for _ in range(count)]


def commitments(ring: Keyring, subject_ids: list[UUID]) -> set[bytes]:
    wanted = [(subject_id, data_class) for subject_id in subject_ids for data_class in CLASSES]
    return {key.commitment for key in ring.provision_many(wanted)}


def in_own_processes(task: Callable[..., None], *arguments: tuple[Any, ...]) -> list[int | None]:
    """Run the task once per tuple of arguments, all at once; return the exit codes."""
    context = get_context("spawn")
    processes = [context.Process(target=task, args=one) for one in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    return [process.exitcode for process in processes]
