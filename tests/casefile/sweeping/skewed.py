"""A database whose clock is ahead, as those who read it see it: by as much as a test says."""

from datetime import timedelta

import psycopg

# What PostgreSQL itself calls clock_timestamp() stays as it is, so records are stamped with real time.
SKEW = """
CREATE SCHEMA skewed;
CREATE TABLE skewed.skew (ahead interval NOT NULL);
INSERT INTO skewed.skew VALUES (interval '0');
CREATE FUNCTION skewed.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    'SELECT pg_catalog.clock_timestamp() + ahead FROM skewed.skew';
GRANT USAGE ON SCHEMA skewed TO PUBLIC;
GRANT SELECT ON skewed.skew TO PUBLIC;
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = skewed, pg_catalog, public',
        current_database());
END $$;
"""


def make_skewed(admin: str) -> None:
    """Before anybody else connects."""
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(SKEW.encode())


def skew(admin: str, ahead: timedelta) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(b"UPDATE skewed.skew SET ahead = %s", [ahead])
