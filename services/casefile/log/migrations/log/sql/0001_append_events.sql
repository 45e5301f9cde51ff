-- One event per command, nothing else to store: the losers are simply not returned.
-- Every appender holds the lock until its commit is visible: position order = commit order.
CREATE FUNCTION casefile.append_events(
    streams uuid[], versions bigint[], topics text[], states bytea[]
) RETURNS TABLE (stream uuid, version bigint, position_ bigint, stored_at timestamptz)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(x'63617365'::bigint);
    RETURN QUERY
    INSERT INTO casefile.stored_events AS s (originator_id, originator_version, topic, state)
    SELECT * FROM unnest(streams, versions, topics, states)
    ON CONFLICT ON CONSTRAINT stored_events_pkey DO NOTHING
    RETURNING s.originator_id, s.originator_version, s.notification_id, s.recorded_at;
END
$$;
