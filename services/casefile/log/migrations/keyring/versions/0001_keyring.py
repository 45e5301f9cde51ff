"""The keyring database: every data key, wrapped, and the epochs of the keys that wrap them."""

from alembic import op

revision = "0001"
down_revision = None

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS keyring;
REVOKE ALL ON SCHEMA keyring FROM PUBLIC;
"""

EPOCHS = """
CREATE TABLE keyring.epochs (
    epoch        text PRIMARY KEY,
    in_use       boolean NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_at timestamptz,
    UNIQUE (epoch, in_use),
    CHECK (destroyed_at IS NULL OR NOT in_use)
);
COMMENT ON COLUMN keyring.epochs.in_use IS
    'A live data key refers to (epoch, true), so an epoch that still wraps one cannot be retired, '
    'and a retired epoch cannot wrap another.';
"""

DATA_KEYS = """
CREATE TABLE keyring.data_keys (
    subject_id   uuid NOT NULL,
    data_class   text NOT NULL CHECK (data_class ~ '^[a-z_]{1,32}$'),
    revision     integer NOT NULL DEFAULT 1 CHECK (revision > 0),
    key_id       text NOT NULL
                 GENERATED ALWAYS AS (data_class || '#' || revision::text) STORED,
    epoch        text NOT NULL,
    epoch_in_use boolean
                 GENERATED ALWAYS AS (CASE WHEN wrapped IS NOT NULL THEN true END) STORED,
    wrapped      bytea,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_at timestamptz,
    PRIMARY KEY (subject_id, data_class, revision),
    FOREIGN KEY (epoch, epoch_in_use) REFERENCES keyring.epochs (epoch, in_use),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
"""

FENCE = """
CREATE FUNCTION keyring.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a destroyed key stays destroyed, and its row stays' USING ERRCODE = '55000';
END $$;

CREATE TRIGGER destroyed_stays_destroyed BEFORE UPDATE ON keyring.data_keys
FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION keyring.refuse_change();
CREATE TRIGGER rows_stay BEFORE DELETE OR TRUNCATE ON keyring.data_keys
FOR EACH STATEMENT EXECUTE FUNCTION keyring.refuse_change();
ALTER TABLE keyring.data_keys ENABLE ALWAYS TRIGGER destroyed_stays_destroyed;
ALTER TABLE keyring.data_keys ENABLE ALWAYS TRIGGER rows_stay;
"""

GRANTS = """
GRANT USAGE ON SCHEMA keyring TO casefile_app;
GRANT SELECT ON keyring.epochs, keyring.data_keys TO casefile_app;
GRANT INSERT (epoch), UPDATE (in_use, destroyed_at) ON keyring.epochs TO casefile_app;
GRANT INSERT (subject_id, data_class, revision, epoch, wrapped),
      UPDATE (epoch, wrapped, destroyed_at) ON keyring.data_keys TO casefile_app;
"""


def upgrade() -> None:
    for statements in (SCHEMA, EPOCHS, DATA_KEYS, FENCE, GRANTS):
        op.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("keys are never dropped by a migration")
