"""The files of the pages: style, scripts and pictures, kept in memory under names that hold their hash."""

import gzip
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"
FOREVER = b"public, max-age=31536000, immutable"
TYPES = {
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
}


class Asset(NamedTuple):
    """One file as it is sent."""

    media_type: bytes
    body: bytes
    zipped: bytes


class Assets:
    """Finds a file by the name it is asked for; a new content has a new name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._by_address: dict[str, Asset] = {}
        self._addresses: dict[str, str] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix in TYPES:
                self._add(path)

    def address(self, name: str) -> str:
        return self._addresses[name]

    def get(self, address: str) -> Asset | None:
        return self._by_address.get(address)

    def _add(self, path: Path) -> None:
        body = path.read_bytes()
        address = f"{PREFIX}{path.stem}.{sha256(body).hexdigest()[:12]}{path.suffix}"
        self._addresses[path.name] = address
        self._by_address[address] = Asset(TYPES[path.suffix], body, gzip.compress(body, mtime=0))
