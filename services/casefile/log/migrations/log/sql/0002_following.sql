-- How far each follower is. One edition of a name is active; others are built beside it or kept.
CREATE TABLE casefile.followers (
    name text NOT NULL,
    version integer NOT NULL,
    generation integer NOT NULL,
    state text NOT NULL DEFAULT 'building',
    position bigint NOT NULL DEFAULT 0,
    epoch bigint NOT NULL DEFAULT 0,
    tables text[] NOT NULL,
    build_target bigint,
    build_cursor uuid,
    built bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT followers_pkey PRIMARY KEY (name, version, generation),
    CONSTRAINT followers_state CHECK (state IN ('building', 'active', 'retired'))
) WITH (fillfactor = 50);

CREATE UNIQUE INDEX followers_one_active ON casefile.followers (name) WHERE state = 'active';

COMMENT ON COLUMN casefile.followers.epoch IS
    'Raised by whoever takes the follower over; who comes back with an older one changes nothing.';

-- Cases a follower could not read: held as they were, while all others go on.
CREATE TABLE casefile.parked (
    follower text NOT NULL,
    version integer NOT NULL,
    generation integer NOT NULL,
    case_id uuid NOT NULL,
    position bigint NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL DEFAULT 1,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT parked_pkey PRIMARY KEY (follower, version, generation, case_id),
    CONSTRAINT parked_follower FOREIGN KEY (follower, version, generation)
        REFERENCES casefile.followers (name, version, generation) ON DELETE CASCADE
);

GRANT SELECT, INSERT, UPDATE, DELETE ON casefile.followers, casefile.parked TO casefile_app;
