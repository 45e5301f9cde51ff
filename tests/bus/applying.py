"""`casefile topics apply`, run in the test's own process on a file of the test's own."""

from pathlib import Path

import yaml
from typer.testing import CliRunner, Result

from services.casefile.cli.main import app


def apply(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["topics", "apply", *map(str, arguments)])


def declared(folder: Path, name: str, partitions: int = 3, replication: int = 1, **configs) -> Path:
    spelt = {key.replace("_", "."): value for key, value in configs.items()}
    topic = {"partitions": partitions, "replication": replication, "configs": spelt}
    path = folder / "topics.yaml"
    path.write_text(yaml.safe_dump({"topics": {name: topic}}))
    return path
