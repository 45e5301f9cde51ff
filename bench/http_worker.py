"""One API worker to measure: ours, or the same endpoint over the library's own recorder.

python -m bench.http_worker stock|ours APP OWNER KEYRING FOLDER PORT
"""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent

from bench.contenders import stock
from services.casefile import composition
from services.casefile.api.app import create_app
from services.casefile.api.serving import serve
from services.casefile.api.tokens import Holder, Tokens, digest_of
from services.casefile.application.context import Actor, Context
from services.casefile.domain.envelope import Author
from services.casefile.log.commit import Appended, Commit, Row
from services.casefile.log.errors import VersionConflict
from services.casefile.log_config import configure_logging

TOKEN = "bench"
CASES = 320
SINCE = "2020-09-01"
UNITS = (
    ("county-1", "county", None),
    ("town-1", "township", "county-1"),
    ("school-1", "school", "town-1"),
)
OPERATOR = Actor("operator", Author("o-1", "operator", "county-1"))


class StockLog:
    """The library's recorder behind the few methods a command needs of ours."""

    def __init__(self, recorder: Any) -> None:
        self._recorder = recorder
        self.datastore = recorder.datastore

    @classmethod
    def open(cls, conninfo: str) -> Self:
        return cls(stock(conninfo, 64))

    def append(self, commit: Commit) -> Appended:
        try:
            positions = self._recorder.insert_events(list(commit.events))
        except IntegrityError as error:
            first = commit.events[0]
            raise VersionConflict(first.originator_id, first.originator_version) from error  # type: ignore[arg-type]
        return Appended(tuple(positions), datetime.now(UTC))

    def append_many(self, commits: Sequence[Commit]) -> list[Any]:
        return [self._outcome(commit) for commit in commits]

    def stream(self, stream_id: UUID, *, after: int = 0) -> list[Row]:
        rows: list[StoredEvent] = self._recorder.select_events(stream_id, gt=after or None)
        now = datetime.now(UTC)
        return [(r.originator_version, r.topic, r.state, 0, now) for r in rows]

    def answered(self, _key: bytes) -> None:
        return None

    def reserved_by(self, _kind: str, _digest: bytes) -> None:
        return None

    def head(self) -> int:
        return self._recorder.max_notification_id() or 0

    def close(self) -> None:
        self._recorder.datastore.close()

    def _outcome(self, commit: Commit) -> Any:
        try:
            return self.append(commit)
        except VersionConflict as conflict:
            return conflict


def main() -> None:
    configure_logging("json")
    which, app, owner, keyring, folder, port = sys.argv[1:]
    if which == "stock":
        composition.CasefileRecorder = StockLog  # type: ignore[misc, assignment]
    secrets = composition.Secrets(Path(folder) / "kek.json", Path(folder) / "index.key")
    secrets.create()
    parts = composition.build(owner if which == "stock" else app, keyring, secrets)
    cases = settled(parts)
    (Path(folder) / f"{which}.cases").write_text(json.dumps(cases))
    tokens = Tokens({digest_of(TOKEN): Holder("teacher", "t-101", "class_teacher", "school-1")})
    serve(create_app(parts, tokens), port=int(port))


def settled(parts: composition.Parts) -> list[str]:
    """A school, its teacher, and the children that are written about."""
    context = Context(actor=OPERATOR, source="system")
    for code, kind, parent in UNITS:
        body = {"occurred_on": SINCE, "code": code, "unit_name": code, "unit_kind": kind}
        body |= {"valid_from": SINCE} | ({"parent": parent} if parent else {})
        parts.casefile.record_unit(code, "unit_registration", body, context)
    return [str(parts.casefile.open_case(child(n), context).case_id) for n in range(CASES)]


def child(number: int) -> dict[str, Any]:
    return {
        "occurred_on": "2026-09-01",
        "name": f"禾苗{number}",
        "sex": "female",
        "birth_date": "2015-03-01",
        "population": "left_behind",
        "school": "school-1",
    }


if __name__ == "__main__":
    main()
