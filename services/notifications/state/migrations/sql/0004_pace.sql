-- How fast a channel may be used: when the next slot of one address, or of one server, is free.
CREATE TABLE notifications.pace (
    key text CONSTRAINT pace_pkey PRIMARY KEY,
    next_at timestamptz NOT NULL
);

-- What gave up, for whoever looks after it.
CREATE INDEX notices_gave_up ON notifications.notices (created_at, id) WHERE state = 'gave_up';
