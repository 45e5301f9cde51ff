-- Who was made answerable for a child, entry by entry: an annulled entry is taken out again.
CREATE TABLE notifications.care_changes (
    record_id uuid CONSTRAINT care_changes_pkey PRIMARY KEY,
    case_id uuid NOT NULL,
    role text NOT NULL,
    staff text,
    unit text,
    since date NOT NULL,
    version bigint NOT NULL
);

CREATE INDEX care_changes_case ON notifications.care_changes (case_id, role, since, version);

-- The care team: one member of staff for each role of a child.
CREATE VIEW notifications.care AS
SELECT case_id, role, staff, unit, since
FROM (
    SELECT DISTINCT ON (case_id, role) case_id, role, staff, unit, since
    FROM notifications.care_changes
    ORDER BY case_id, role, since DESC, version DESC
) AS newest
WHERE staff IS NOT NULL;

CREATE TABLE notifications.case_places (
    case_id uuid CONSTRAINT case_places_pkey PRIMARY KEY,
    village text,
    school text,
    class_unit text,
    status text NOT NULL DEFAULT 'open',
    survivor uuid,
    CONSTRAINT case_places_status CHECK (status IN ('open', 'closed', 'merged'))
);

-- Posts of staff, by the stream of the person; without a role the post is vacant from that day.
CREATE TABLE notifications.post_changes (
    stream_id uuid NOT NULL,
    since date NOT NULL,
    staff text NOT NULL,
    role text,
    unit text,
    version bigint NOT NULL,
    CONSTRAINT post_changes_pkey PRIMARY KEY (stream_id, since)
);

CREATE INDEX post_changes_staff ON notifications.post_changes (staff);
CREATE INDEX post_changes_place ON notifications.post_changes (unit, role);

-- `until` is the last day of the post.
CREATE VIEW notifications.posts AS
SELECT staff, role, unit, since, until
FROM (
    SELECT staff, role, unit, since,
        lead(since) OVER (PARTITION BY stream_id ORDER BY since) - 1 AS until
    FROM notifications.post_changes
) AS spans
WHERE role IS NOT NULL;

CREATE TABLE notifications.units (
    code text CONSTRAINT units_pkey PRIMARY KEY,
    stream_id uuid NOT NULL CONSTRAINT units_stream UNIQUE,
    parent text,
    kind text NOT NULL,
    name text NOT NULL,
    closed_on date
);

CREATE INDEX units_parent ON notifications.units (parent);

-- What was declared of an obligation so far. Of a child, a unit or a member of staff, by its stream.
CREATE TABLE notifications.obligations (
    stream_id uuid NOT NULL,
    policy text NOT NULL,
    version integer NOT NULL,
    rule text NOT NULL,
    window_key text NOT NULL,
    stream text NOT NULL,
    case_id uuid,
    state text NOT NULL,
    accountable text,
    unit text,
    role text,
    obligor text NOT NULL,
    due_on date NOT NULL,
    closed_on date,
    missed_message text,
    CONSTRAINT obligations_pkey PRIMARY KEY (stream_id, policy, version, rule, window_key),
    CONSTRAINT obligations_state CHECK (state IN ('overdue', 'missed', 'fulfilled', 'late'))
);

CREATE INDEX obligations_case ON notifications.obligations (case_id);
CREATE INDEX obligations_accountable ON notifications.obligations (accountable, state);

COMMENT ON COLUMN notifications.obligations.state IS
    'late: missed, then made good. The miss stays in missed_message.';
