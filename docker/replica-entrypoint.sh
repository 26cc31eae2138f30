#!/usr/bin/env bash
# A replica copies the master once, then follows it over every restart. PG_VERSION marks a complete copy and goes in last: a copy
# that broke off is thrown away, never taken for data.
set -euo pipefail

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  copy="$PGDATA/.copy"
  until
    find "$PGDATA" -mindepth 1 -delete && install -d -o postgres -g postgres -m 0700 "$PGDATA" "$copy" &&
      PGPASSWORD="$REPLICATION_PASSWORD" gosu postgres pg_basebackup \
        --dbname="host=$MASTER_HOST user=replicator application_name=$REPLICA_NAME connect_timeout=5" \
        --pgdata="$copy" --write-recovery-conf --wal-method=stream --checkpoint=fast --slot="$REPLICA_NAME"
  do
    echo "The copy from $MASTER_HOST failed; trying again in 2 seconds." >&2
    sleep 2
  done
  find "$copy" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t "$PGDATA" {} +
  mv "$copy/PG_VERSION" "$PGDATA/" && rmdir "$copy"
fi

exec docker-entrypoint.sh "$@"
