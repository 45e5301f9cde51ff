CREATE TABLE casefile.staff_directory (
    staff text PRIMARY KEY CHECK (length(staff) <= 64),
    name_sealed bytea NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

REVOKE ALL ON casefile.staff_directory FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON casefile.staff_directory TO casefile_app;
