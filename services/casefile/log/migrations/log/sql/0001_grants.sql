CREATE SCHEMA IF NOT EXISTS readmodels;

REVOKE ALL ON SCHEMA casefile, readmodels FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA casefile FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA casefile FROM PUBLIC;

GRANT USAGE ON SCHEMA casefile TO casefile_app;
-- Read models are disposable: the services create and drop their versions themselves.
GRANT USAGE, CREATE ON SCHEMA readmodels TO casefile_app;

-- Neither the position nor the time of recording is the writer's to choose.
GRANT SELECT, INSERT (originator_id, originator_version, topic, state)
    ON casefile.stored_events TO casefile_app;
GRANT USAGE ON SEQUENCE casefile.stored_events_notification_id_seq TO casefile_app;
GRANT SELECT, INSERT (key, fingerprint, answer, first_position, last_position)
    ON casefile.command_log TO casefile_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON casefile.reservations TO casefile_app;
GRANT SELECT ON casefile.schema_revision TO casefile_app;

GRANT EXECUTE ON FUNCTION casefile.append_events, casefile.append_commits TO casefile_app;
