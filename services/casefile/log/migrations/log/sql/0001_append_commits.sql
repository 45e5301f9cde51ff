-- Whole commits: events of several streams, a claim, reservations; all or nothing each.
-- A claim under a negative number only asks whether it is taken.
-- No two commits of one call touch the same key: the caller sees to that.
-- The checks are exact because every appender holds the lock.
-- Losers come back with their number, then the positions of all others in the order given.
CREATE FUNCTION casefile.append_commits(
    commits bigint[], streams uuid[], versions bigint[], topics text[], states bytea[],
    claim_commits bigint[], claim_keys bytea[], claim_fingerprints bytea[], claim_answers bytea[],
    reserve_commits bigint[], reserve_kinds text[], reserve_digests bytea[], reserve_cases uuid[],
    release_commits bigint[], release_kinds text[], release_digests bytea[]
) RETURNS TABLE (
    commit_no bigint, verdict text, subject uuid, detail bigint, kind text,
    position_ bigint, stored_at timestamptz
)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    lost bigint[] := '{}';
    kept bigint[];
    positions bigint[];
    times timestamptz[];
BEGIN
    PERFORM pg_advisory_xact_lock(x'63617365'::bigint);

    FOR commit_no, verdict, subject, detail, kind IN
        SELECT c.n, 'answered', NULL::uuid, NULL::bigint, NULL::text
        FROM unnest(claim_commits, claim_keys) AS c (n, key)
        CROSS JOIN LATERAL (
            SELECT FROM casefile.command_log l WHERE l.key = c.key LIMIT 1
        ) AS taken
        UNION ALL
        SELECT r.n, 'reserved', taken.case_id, NULL, r.kind
        FROM unnest(reserve_commits, reserve_kinds, reserve_digests, reserve_cases)
            AS r (n, kind, digest, case_id)
        CROSS JOIN LATERAL (
            SELECT v.case_id FROM casefile.reservations v
            WHERE v.kind = r.kind AND v.digest = r.digest LIMIT 1
        ) AS taken
        WHERE taken.case_id <> r.case_id AND NOT EXISTS (
            SELECT FROM unnest(release_commits, release_kinds, release_digests)
                AS x (n, kind, digest)
            WHERE x.n = r.n AND x.kind = r.kind AND x.digest = r.digest
        )
        UNION ALL
        SELECT e.n, 'conflict', e.stream, e.version, NULL
        FROM unnest(commits, streams, versions) AS e (n, stream, version)
        CROSS JOIN LATERAL (
            SELECT FROM casefile.stored_events s
            WHERE s.originator_id = e.stream AND s.originator_version = e.version LIMIT 1
        ) AS taken
    LOOP
        lost := lost || commit_no;
        RETURN NEXT;
    END LOOP;

    WITH inserted AS (
        INSERT INTO casefile.stored_events AS s (originator_id, originator_version, topic, state)
        SELECT e.stream, e.version, e.topic, e.state
        FROM unnest(commits, streams, versions, topics, states)
            AS e (n, stream, version, topic, state)
        WHERE e.n <> ALL (lost)
        ON CONFLICT ON CONSTRAINT stored_events_pkey DO NOTHING
        RETURNING s.notification_id, s.recorded_at
    )
    SELECT array_agg(i.notification_id ORDER BY i.notification_id),
           array_agg(i.recorded_at ORDER BY i.notification_id)
    INTO positions, times FROM inserted AS i;

    kept := ARRAY(
        SELECT e.n FROM unnest(commits) WITH ORDINALITY AS e (n, nth)
        WHERE e.n <> ALL (lost) ORDER BY e.nth
    );
    IF coalesce(cardinality(positions), 0) <> cardinality(kept) THEN
        RAISE EXCEPTION 'another writer appended without the lock'
            USING ERRCODE = 'serialization_failure';
    END IF;

    IF release_commits IS NOT NULL THEN
        DELETE FROM casefile.reservations v
        USING unnest(release_commits, release_kinds, release_digests) AS x (n, kind, digest)
        WHERE v.kind = x.kind AND v.digest = x.digest AND x.n <> ALL (lost);
    END IF;
    IF reserve_commits IS NOT NULL THEN
        INSERT INTO casefile.reservations (kind, digest, case_id)
        SELECT r.kind, r.digest, r.case_id
        FROM unnest(reserve_commits, reserve_kinds, reserve_digests, reserve_cases)
            AS r (n, kind, digest, case_id)
        WHERE r.n <> ALL (lost)
        ON CONFLICT ON CONSTRAINT reservations_pkey DO NOTHING;
    END IF;
    IF claim_commits IS NOT NULL THEN
        INSERT INTO casefile.command_log (key, fingerprint, answer, first_position, last_position)
        SELECT c.key, c.fingerprint, c.answer, e.first_position, e.last_position
        FROM unnest(claim_commits, claim_keys, claim_fingerprints, claim_answers)
            AS c (n, key, fingerprint, answer)
        LEFT JOIN (
            SELECT k.n, min(k.at) AS first_position, max(k.at) AS last_position
            FROM unnest(kept, positions) AS k (n, at) GROUP BY k.n
        ) AS e USING (n)
        WHERE c.n >= 0 AND c.n <> ALL (lost);
    END IF;

    RETURN QUERY
    SELECT NULL::bigint, 'appended', NULL::uuid, NULL::bigint, NULL::text, p.at, p.stored_at
    FROM unnest(positions, times) AS p (at, stored_at);
END
$$;
