"""Brings the database to a revision; raw SQL, so that a reviewer reads what the server gets."""

from services.notifications.state.migrations.runner import behind, migrate, offline_sql

__all__ = ["behind", "migrate", "offline_sql"]
