DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'casefile_app') THEN
        RAISE EXCEPTION 'the role casefile_app does not exist'
            USING HINT = 'Create it before migrating: CREATE ROLE casefile_app LOGIN';
    END IF;
END
$$;

CREATE TABLE casefile.stored_events (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigserial NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT stored_events_pkey PRIMARY KEY (originator_id, originator_version)
) WITH (
    autovacuum_analyze_threshold = 500,
    autovacuum_analyze_scale_factor = 0.02
);

CREATE UNIQUE INDEX stored_events_notification_id_idx
    ON casefile.stored_events (notification_id);

COMMENT ON TABLE casefile.stored_events IS
    'The log. notification_id is the position; append only, and only through casefile.append_*.';

-- Which commit answered which command; the positions lead to its events.
CREATE TABLE casefile.command_log (
    key bytea NOT NULL,
    fingerprint bytea NOT NULL,
    answer bytea NOT NULL,
    first_position bigint,
    last_position bigint,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT command_log_pkey PRIMARY KEY (key),
    CONSTRAINT command_log_key_is_a_hash CHECK (octet_length(key) = 32),
    CONSTRAINT command_log_fingerprint_is_a_hash CHECK (octet_length(fingerprint) = 32)
) WITH (
    autovacuum_analyze_threshold = 500,
    autovacuum_analyze_scale_factor = 0.02
);

-- What only one case may hold at a time, as a keyed digest; never the number itself.
CREATE TABLE casefile.reservations (
    kind text NOT NULL,
    digest bytea NOT NULL,
    case_id uuid NOT NULL,
    CONSTRAINT reservations_pkey PRIMARY KEY (kind, digest)
);

CREATE INDEX reservations_case_id_idx ON casefile.reservations (case_id);
