-- How far the relay has published the log to each topic. The topic itself is the truth; this is for
-- whoever watches, and to notice a topic that has lost what it held.
CREATE TABLE casefile.relay (
    topic text NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    again bigint,
    term bigint NOT NULL DEFAULT 1,
    held text,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT relay_pkey PRIMARY KEY (topic)
) WITH (fillfactor = 50);

COMMENT ON COLUMN casefile.relay.again IS
    'Set by an operator: what follows this position is published once more.';
COMMENT ON COLUMN casefile.relay.term IS
    'Raised by every relay that starts to publish; one with an older term changes nothing.';

REVOKE ALL ON casefile.relay FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON casefile.relay TO casefile_app;
