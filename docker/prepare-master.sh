#!/usr/bin/env bash
# Runs once, when the master's data folder is made: roles, database, a slot for each replica, and the line that lets replicas in.
set -euo pipefail

psql --no-psqlrc -v ON_ERROR_STOP=1 -U postgres \
  -v replication="$REPLICATION_PASSWORD" -v application="$APPLICATION_PASSWORD" <<'SQL'
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'replication';
-- pg_monitor lets the System Console see replication from the master's side.
CREATE ROLE holdfast LOGIN PASSWORD :'application' IN ROLE pg_monitor;
CREATE DATABASE holdfast OWNER holdfast;
SELECT pg_create_physical_replication_slot(slot, true) FROM unnest(ARRAY['pg_b', 'pg_c']) AS slot;
\connect holdfast
-- Only needed for switchovers that the server carries out itself.
GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer) TO holdfast;
SQL

echo 'host replication replicator all scram-sha-256' >> "$PGDATA/pg_hba.conf"
