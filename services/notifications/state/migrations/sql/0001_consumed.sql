-- How far each partition of a source was read: the truth, whatever Kafka's group says.
CREATE TABLE notifications.offsets (
    source text NOT NULL,
    partition text NOT NULL,
    next_offset bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT offsets_pkey PRIMARY KEY (source, partition)
) WITH (fillfactor = 50);

-- The last version of each stream that had its effect.
CREATE TABLE notifications.heads (
    stream_id uuid CONSTRAINT heads_pkey PRIMARY KEY,
    version bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

-- Every message that had its effect. It outlives a replay: what is here tells nobody again.
CREATE TABLE notifications.inbox (
    message_id text CONSTRAINT inbox_pkey PRIMARY KEY,
    type text NOT NULL,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    outcome text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT inbox_outcome CHECK (outcome IN ('applied', 'silent', 'ignored', 'dropped'))
);

CREATE INDEX inbox_stream ON notifications.inbox (stream_id, version);

COMMENT ON COLUMN notifications.inbox.outcome IS
    'applied: in full; silent: state only, before notify_after; ignored: a type we do not know; dropped: by an operator.';

-- Messages that wait: for somebody to mend what is wrong, for one before them, or for a lost one.
CREATE TABLE notifications.parked (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT parked_pkey PRIMARY KEY,
    stream_id uuid,
    version bigint,
    position bigint,
    type text,
    message json,
    raw bytea,
    headers json,
    class text NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL DEFAULT 1,
    source text NOT NULL,
    partition text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT parked_class CHECK (class IN ('unreadable', 'failed', 'hole', 'behind')),
    CONSTRAINT parked_in_order UNIQUE (stream_id, version)
);

COMMENT ON COLUMN notifications.parked.message IS
    'Text as it came: jsonb refuses characters that JSON allows.';

COMMENT ON COLUMN notifications.parked.class IS
    'unreadable: breaks its promise; failed: our own code failed on it; hole: the one before is missing; behind: one before it is parked.';

-- When the service first ran: messages recorded earlier build the state and tell nobody.
CREATE TABLE notifications.beginning (
    one boolean CONSTRAINT beginning_pkey PRIMARY KEY DEFAULT true,
    began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT beginning_one CHECK (one)
);
