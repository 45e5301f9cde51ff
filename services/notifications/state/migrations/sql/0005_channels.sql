-- Through what a notice goes: the channels its step names, the best first. None: the person's own.
ALTER TABLE notifications.notices ADD COLUMN channels text[] NOT NULL DEFAULT '{}';

-- A digest holds what goes through the same channels.
ALTER TABLE notifications.digests ADD COLUMN channels text[] NOT NULL DEFAULT '{}';
ALTER TABLE notifications.digests DROP CONSTRAINT digests_once;
ALTER TABLE notifications.digests
    ADD CONSTRAINT digests_once UNIQUE (staff, day, hearer, channels);

-- An attempt that was begun. What is still here when it is begun again may have arrived.
CREATE TABLE notifications.sending (
    id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    hearer text NOT NULL,
    notice_ids uuid[] NOT NULL,
    channel text NOT NULL,
    template text NOT NULL,
    locale text NOT NULL,
    attempt integer NOT NULL,
    since timestamptz NOT NULL,
    CONSTRAINT sending_pkey PRIMARY KEY (key, hearer)
) WITH (fillfactor = 50);
