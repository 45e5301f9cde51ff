"""Refuses to start on a database that would lose, reorder or let someone change events."""

from typing import Any

from services.casefile.log.errors import UnsafeLog
from services.casefile.log.reading import LogReader

OLDEST_SERVER = 150_000

FACTS = b"""
SELECT current_setting('server_version_num')::int,
       pg_is_in_recovery(),
       current_setting('fsync'),
       current_setting('synchronous_commit'),
       current_setting('full_page_writes'),
       (SELECT seqcache FROM pg_sequence
        WHERE seqrelid = 'casefile.stored_events_notification_id_seq'::regclass),
       (SELECT count(*) FROM pg_trigger
        WHERE tgrelid = 'casefile.stored_events'::regclass
          AND tgname = 'stored_events_append_only' AND tgenabled = 'A'),
       has_table_privilege('casefile.stored_events', 'UPDATE, DELETE, TRUNCATE'),
       to_regproc('casefile.es_insert_events_uuid') IS NOT NULL
"""


def self_check(reader: LogReader) -> None:
    facts = reader.fetch(FACTS, [])[0]
    if faults := _faults(*facts):
        raise UnsafeLog(*faults)


def _faults(
    version: int, in_recovery: bool, fsync: str, commit: str, pages: str, *rest: Any
) -> list[str]:
    cache, triggers, may_change, library_function = rest
    checks = {
        "PostgreSQL 15 or newer is needed": version < OLDEST_SERVER,
        "this server is a standby; point at the primary": in_recovery,
        "fsync is off": fsync == "off",
        "synchronous_commit is off": commit == "off",
        "full_page_writes is off": pages == "off",
        "the position sequence caches numbers; set CACHE 1": cache != 1,
        "the append-only trigger is missing or not ALWAYS": triggers != 1,
        "this role may change stored events; connect as casefile_app": may_change,
        "the library's insert function is in the schema; drop it": library_function,
    }
    return [fault for fault, holds in checks.items() if holds]
