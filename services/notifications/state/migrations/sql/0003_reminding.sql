-- Days that Casefile closed, and when people were reminded of what comes after.
CREATE TABLE notifications.reminders (
    day date CONSTRAINT reminders_pkey PRIMARY KEY,
    wanted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at timestamptz
);

-- What somebody is told of a morning, in one piece. `hearer` is who stands in, or the person.
CREATE TABLE notifications.digests (
    id uuid CONSTRAINT digests_pkey PRIMARY KEY,
    staff text NOT NULL,
    hearer text NOT NULL,
    day date NOT NULL,
    notices integer NOT NULL,
    sections jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT digests_once UNIQUE (staff, day, hearer)
);

ALTER TABLE notifications.notices ADD COLUMN digest_id uuid REFERENCES notifications.digests (id);

CREATE INDEX notices_in_digest ON notifications.notices (digest_id) WHERE digest_id IS NOT NULL;
