/** What the configuration of one node is made of. */
export interface NodeConfig {
  readonly scope: string;
  readonly name: string;
  readonly folder: string;
  readonly binDir: string;
  readonly restPort: number;
  readonly postgresPort: number;
  readonly etcdPort: number;
}

/**
 * The configuration of one node. JSON is YAML. Times are short, so that a test need not wait the usual half minute; the rule
 * ttl >= loop_wait + 2 * retry_timeout is kept.
 */
export function nodeConfig(node: NodeConfig): string {
  const { scope, name, folder, binDir, restPort, postgresPort, etcdPort } = node;
  const rest = `127.0.0.1:${restPort}`;
  const postgres = `127.0.0.1:${postgresPort}`;
  return JSON.stringify({
    scope,
    name,
    restapi: { listen: rest, connect_address: rest },
    etcd3: { hosts: [`127.0.0.1:${etcdPort}`] },
    bootstrap: {
      dcs: {
        ttl: 5,
        loop_wait: 1,
        retry_timeout: 2,
        maximum_lag_on_failover: 1_048_576,
        postgresql: {
          use_pg_rewind: true,
          use_slots: true,
          parameters: {
            wal_level: 'replica',
            hot_standby: 'on',
            max_connections: 100,
            shared_buffers: '32MB',
            wal_log_hints: 'on',
            fsync: 'off',
            unix_socket_directories: folder,
          },
        },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }, 'no-sync'],
    },
    postgresql: {
      listen: postgres,
      connect_address: postgres,
      data_dir: `${folder}/${name}`,
      bin_dir: binDir,
      pgpass: `${folder}/pgpass-${name}`,
      authentication: {
        superuser: { username: 'postgres', password: 'test' },
        replication: { username: 'replicator', password: 'test' },
        rewind: { username: 'rewinder', password: 'test' },
      },
      pg_hba: ['host all all 127.0.0.1/32 md5', 'host replication replicator 127.0.0.1/32 md5', 'local all all trust'],
      basebackup: [{ checkpoint: 'fast' }],
    },
    watchdog: { mode: 'off' },
  });
}
