-- Whom to reach, and how. Casefile's messages carry staff ids only; this is ours.
CREATE TABLE notifications.people (
    staff text CONSTRAINT people_pkey PRIMARY KEY,
    locale text NOT NULL DEFAULT 'zh',
    channels jsonb NOT NULL DEFAULT '[]',
    quiet_from time,
    quiet_until time,
    digest_at time,
    absent_from date,
    absent_until date,
    stand_in text,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT people_channels CHECK (jsonb_typeof(channels) = 'array')
);

-- One thing one person is to be told. `dedup` is "<intent>|<staff>": told once, never again.
CREATE TABLE notifications.notices (
    id uuid CONSTRAINT notices_pkey PRIMARY KEY,
    dedup text NOT NULL CONSTRAINT notices_once UNIQUE,
    intent text NOT NULL,
    kind text NOT NULL,
    case_id uuid,
    staff text NOT NULL,
    facts jsonb NOT NULL DEFAULT '{}',
    urgency text NOT NULL,
    step integer NOT NULL DEFAULT 0,
    not_before timestamptz,
    state text NOT NULL DEFAULT 'waiting',
    message_id text,
    corrects text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT notices_urgency CHECK (urgency IN ('now', 'digest')),
    CONSTRAINT notices_state CHECK (
        state IN ('waiting', 'queued', 'delivered', 'gave_up', 'stopped', 'suppressed')
    )
);

CREATE INDEX notices_intent ON notifications.notices (intent);
CREATE INDEX notices_case ON notifications.notices (case_id, created_at);
CREATE INDEX notices_waiting ON notifications.notices (staff, not_before) WHERE state = 'waiting';

COMMENT ON COLUMN notifications.notices.state IS
    'waiting: may still be stopped; queued: an attempt is under way, told from here on.';

-- Every attempt to deliver: one line each, never changed.
CREATE TABLE notifications.deliveries (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT deliveries_pkey PRIMARY KEY,
    notice_ids uuid[] NOT NULL,
    staff text NOT NULL,
    channel text NOT NULL,
    template text NOT NULL,
    locale text NOT NULL,
    attempt integer NOT NULL,
    outcome text NOT NULL,
    code text,
    detail text,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX deliveries_notices ON notifications.deliveries USING gin (notice_ids);
CREATE INDEX deliveries_staff ON notifications.deliveries (staff, id);

-- The inbox a person sees in the application.
CREATE TABLE notifications.items (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT items_pkey PRIMARY KEY,
    staff text NOT NULL,
    notice_id uuid NOT NULL CONSTRAINT items_notice UNIQUE REFERENCES notifications.notices (id),
    title text NOT NULL,
    body text NOT NULL,
    link text,
    read_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX items_staff ON notifications.items (staff, id);
