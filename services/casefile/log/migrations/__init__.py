"""Brings the two databases, log and keyring, to a revision; both trees share one runner."""

from services.casefile.log.migrations.runner import (
    KEYRING,
    LOG,
    behind,
    migrate,
    migrate_keyring,
    offline_sql,
)

__all__ = ["KEYRING", "LOG", "behind", "migrate", "migrate_keyring", "offline_sql"]
