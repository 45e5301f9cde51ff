-- Who may hear nothing more of a child, by the report that names the person.
CREATE TABLE notifications.hidden (
    record_id uuid CONSTRAINT hidden_pkey PRIMARY KEY,
    case_id uuid NOT NULL,
    staff text NOT NULL
);

CREATE INDEX hidden_case ON notifications.hidden (case_id, staff);

-- Of a case that was merged away, the survivor keeps the silence too.
CREATE VIEW notifications.barred AS
SELECT case_id, staff FROM notifications.hidden
UNION
SELECT p.survivor, h.staff
FROM notifications.hidden h JOIN notifications.case_places p ON p.case_id = h.case_id
WHERE p.survivor IS NOT NULL;

-- The last guard, whoever writes a notice: it is kept, and goes nowhere.
CREATE FUNCTION notifications.suppress_hidden() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM notifications.barred
        WHERE case_id = NEW.case_id AND staff = NEW.staff
    ) THEN
        NEW.state = 'suppressed';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER notices_hidden BEFORE INSERT ON notifications.notices
FOR EACH ROW WHEN (NEW.case_id IS NOT NULL)
EXECUTE FUNCTION notifications.suppress_hidden();

-- How often somebody was told at once today.
CREATE INDEX notices_at_once ON notifications.notices (staff, not_before) WHERE urgency = 'now';

-- The morning's digests, person by person.
CREATE INDEX notices_digest ON notifications.notices (staff, not_before, id)
WHERE state = 'waiting' AND urgency = 'digest';
