"""Commands as somebody types them, in this process, over the test's own database."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from typer.testing import CliRunner, Result

from services.casefile.cli.main import app
from tests.servers import Database


@dataclass(frozen=True)
class Shell:
    """Where commands are typed; without a database only what needs none works."""

    folder: Path
    database: Database | None = None

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments), env=self.environment())

    def done(self, *arguments: str) -> str:
        result = self(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def told(self, *arguments: str) -> Any:
        return msgspec.json.decode(self.done(*arguments, "--json"))

    def file(self, name: str, content: str) -> str:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return str(path)

    def environment(self) -> dict[str, str]:
        found = {
            "CASEFILE_STATE_DIR": str(self.folder),
            "CASEFILE_KEK_FILE": str(self.folder / "kek.json"),
            "CASEFILE_INDEX_SECRET_FILE": str(self.folder / "index.key"),
        }
        if self.database is not None:
            found |= {
                "CASEFILE_DATABASE_URL": self.database.app,
                "CASEFILE_OWNER_DATABASE_URL": self.database.owner,
                "CASEFILE_KEYRING_URL": self.database.keyring_app,
                "CASEFILE_OWNER_KEYRING_URL": self.database.keyring_owner,
            }
        return found
