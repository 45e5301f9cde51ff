"""Builds what the commands run, from the settings; the only place that knows every part."""

from psycopg.conninfo import conninfo_to_dict

from services.notifications.settings import Settings
from services.notifications.state.migrations import migrate


def migrated(settings: Settings) -> None:
    """The database at this release's schema; the application's role may use it."""
    owner, app = settings.owner_conninfo, settings.app_conninfo
    role = conninfo_to_dict(app).get("user") if owner != app else None
    migrate(owner, str(role) if role else None)
