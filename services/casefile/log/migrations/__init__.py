"""Brings the two databases, log and keyring, to a revision; both trees share one runner."""

from services.casefile.log.migrations.runner import migrate, migrate_keyring, offline_sql

__all__ = ["migrate", "migrate_keyring", "offline_sql"]
