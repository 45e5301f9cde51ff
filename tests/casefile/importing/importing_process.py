"""Imports a ledger as a process of its own, which tells how far it is and may be killed."""

import sys
from pathlib import Path

from services.casefile.application.context import Context
from services.casefile.composition import Secrets, build
from services.casefile.importing.importer import Options, import_ledger
from tests.casefile.world import NOW, actor


def main(app: str, keyring: str, folder: Path, ledger: Path) -> None:
    secrets = Secrets(folder / "kek.json", folder / "index.key")
    built = build(app, keyring, secrets, clock=lambda: NOW)
    context = Context(actor=actor("operator", "o-1", "operator"), source="import")
    import_ledger(built, ledger, context, Options(), lambda done, _: print(done, flush=True))
    built.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
