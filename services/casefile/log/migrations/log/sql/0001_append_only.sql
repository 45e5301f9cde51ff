CREATE FUNCTION casefile.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
    RAISE EXCEPTION 'stored events are append-only: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Record a correction or an annulment instead.';
END
$$;

CREATE TRIGGER stored_events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON casefile.stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION casefile.refuse_change();

-- ALWAYS: also under session_replication_role = replica.
ALTER TABLE casefile.stored_events ENABLE ALWAYS TRIGGER stored_events_append_only;
