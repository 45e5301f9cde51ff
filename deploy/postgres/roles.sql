-- Run once as the superuser, in an empty cluster: the roles, and the databases each may reach.
-- Passwords come from files, are hashed here, and are in no line of the server's log.
\set ON_ERROR_STOP on
\if :{?secrets}
\else
  \set secrets /run/secrets
\endif
SET password_encryption = 'scram-sha-256';
SET log_statement = 'none';
SET log_min_error_statement = 'panic';

\set path :secrets '/casefile_owner_password'
\set password `cat :'path'`
CREATE ROLE casefile_owner LOGIN PASSWORD :'password';
\set path :secrets '/casefile_app_password'
\set password `cat :'path'`
CREATE ROLE casefile_app LOGIN PASSWORD :'password';
\set path :secrets '/notifications_owner_password'
\set password `cat :'path'`
CREATE ROLE notifications_owner LOGIN PASSWORD :'password';
\set path :secrets '/notifications_app_password'
\set password `cat :'path'`
CREATE ROLE notifications_app LOGIN PASSWORD :'password';
\unset password

CREATE DATABASE casefile OWNER casefile_owner;
CREATE DATABASE casefile_keyring OWNER casefile_owner;
CREATE DATABASE notifications OWNER notifications_owner;
REVOKE ALL ON DATABASE casefile, casefile_keyring, notifications FROM PUBLIC;
GRANT CONNECT ON DATABASE casefile, casefile_keyring TO casefile_app;
-- Reminding compares in a temporary table.
GRANT CONNECT, TEMPORARY ON DATABASE notifications TO notifications_app;
