-- Lets Holdfast read how full the disks of its PostgreSQL servers are. PostgreSQL has no SQL for that.
--
-- Who runs it: a superuser, once, on the master, in the database that Holdfast uses. The replicas get it by replication:
--   psql -d holdfast -f config/setup/postgres-disk.sql
--
-- What it allows: every role of this database may read four columns about two disks, and nothing else. The program
-- behind the table (df, for the data folder and the log's folder) is fixed here; only a superuser can change it. Asked on
-- a replica, it runs on the replica's machine and tells of the replica's own disk.
--
-- To let only one role read it, write its name for PUBLIC in the last statement. It can be run again at any time.
-- To undo it: DROP SCHEMA holdfast_setup CASCADE; DROP EXTENSION file_fdw CASCADE;
--
-- Needs the contrib module file_fdw and a Unix system. Managed services do not allow it.
BEGIN;

CREATE EXTENSION IF NOT EXISTS file_fdw;
-- A schema of its own: whoever owns a schema may drop what is in it.
CREATE SCHEMA IF NOT EXISTS holdfast_setup;
CREATE SERVER IF NOT EXISTS holdfast_files FOREIGN DATA WRAPPER file_fdw;
DROP FOREIGN TABLE IF EXISTS holdfast_setup.holdfast_disk;

-- Read from the right of each line of df, since names of file systems may contain spaces.
CREATE FOREIGN TABLE holdfast_setup.holdfast_disk (place text, used_kb bigint, available_kb bigint, mount text)
  SERVER holdfast_files
  OPTIONS (
    program $$for place in . pg_wal; do df -kP "$place" | sed -nE "s/^.* ([0-9]+) +(-?[0-9]+) +[0-9]+% +(.*)\$/$place|\1|\2|\3/p"; done$$,
    format 'text',
    delimiter '|'
  );

GRANT USAGE ON SCHEMA holdfast_setup TO PUBLIC;
GRANT SELECT ON holdfast_setup.holdfast_disk TO PUBLIC;

COMMIT;
