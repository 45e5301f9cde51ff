"""Key encryption keys: they wrap the data keys, come in epochs, and never enter a database.

A KMS plugs in here: implement `KekProvider` over its named keys (one per epoch) with its
authenticated encryption, raise `KekUnavailable` when it does not answer, and nothing else changes.
"""

import os
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import NamedTuple, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.casefile.log.keyring_errors import EpochUnknown, KeyTampered, SecretFileUnsafe
from services.casefile.log.secret_file import create_secret, locked, read_secret, replace_secret

NONCE = 12


class KekProvider(Protocol):
    """Wraps and unwraps data keys under an epoch; `destroy` makes an epoch's wrappings waste."""

    def current_epoch(self) -> str: ...

    def wrap(self, epoch: str, dek: bytes, aad: bytes) -> bytes: ...

    def unwrap(self, epoch: str, wrapped: bytes, aad: bytes) -> bytes: ...

    def new_epoch(self) -> str: ...

    def destroy(self, epoch: str) -> None: ...


class KekFile(msgspec.Struct, forbid_unknown_fields=True):
    """The file's content: the key of each epoch, and the epoch that new keys are wrapped under."""

    current: str
    epochs: dict[str, bytes]


class HeldKeys(NamedTuple):
    """One reading of the file, and the stamp the file had just before."""

    stamp: tuple[int, int] | None
    current: str
    keys: dict[str, AESGCM]


class FileKekProvider:
    """Epochs in one JSON file, for a site without a KMS. Losing the file is losing the data.

    Every process sees a rotation at once, because the file is read again when it was replaced.
    Copies of the file (backups, escrow) have to be destroyed with the epoch they hold.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._name = path, os.fspath(path)
        self._held = self._load()

    @staticmethod
    def create_file(path: Path) -> bool:
        """Make the file if there is none; say whether this call made it."""
        return create_secret(path, _encoded(_with_new_epoch(KekFile("", {}))))

    def current_epoch(self) -> str:
        return self._fresh().current

    def wrap(self, epoch: str, dek: bytes, aad: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._key(epoch).encrypt(nonce, dek, aad)

    def unwrap(self, epoch: str, wrapped: bytes, aad: bytes) -> bytes:
        try:
            return self._key(epoch).decrypt(wrapped[:NONCE], wrapped[NONCE:], aad)
        except (InvalidTag, ValueError) as error:
            raise KeyTampered() from error

    def new_epoch(self) -> str:
        with locked(self._path.parent):
            content = _with_new_epoch(self._read())
            replace_secret(self._path, _encoded(content))
        return content.current

    def destroy(self, epoch: str) -> None:
        with locked(self._path.parent):
            content = self._read()
            if epoch == content.current:
                raise ValueError("the current epoch cannot be destroyed; make a new one first")
            if content.epochs.pop(epoch, None) is not None:
                replace_secret(self._path, _encoded(content))
        self._fresh()

    def _key(self, epoch: str) -> AESGCM:
        try:
            return self._fresh().keys[epoch]
        except KeyError:
            raise EpochUnknown(epoch) from None

    def _fresh(self) -> HeldKeys:
        if _stamp(self._name) != self._held.stamp:
            self._held = self._load()
        return self._held

    def _load(self) -> HeldKeys:
        stamp = _stamp(self._name)
        content = self._read()
        keys = {epoch: AESGCM(key) for epoch, key in content.epochs.items()}
        return HeldKeys(stamp, content.current, keys)

    def _read(self) -> KekFile:
        try:
            return msgspec.json.decode(read_secret(self._path), type=KekFile)
        except msgspec.MsgspecError as error:
            raise SecretFileUnsafe(self._path, "Restore it from escrow.") from error


def _with_new_epoch(content: KekFile) -> KekFile:
    epoch = token_hex(6)  # random, so that a file restored from a copy never reuses a name
    return KekFile(epoch, {**content.epochs, epoch: token_bytes(32)})


def _encoded(content: KekFile) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=1)


def _stamp(path: str) -> tuple[int, int] | None:
    # Asked for every key wrapped or unwrapped: `Path.stat` takes twice as long.
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
