/** MariaDB's options by name. */
export type MariadbOptions = Readonly<Record<string, string>>;

/** What every node of every cluster runs with. */
const COMMON: MariadbOptions = {
  'bind-address': '127.0.0.1',
  // Paths of sockets must be short, and the folder of a project need not be: nobody connects by one.
  socket: '',
  'skip-name-resolve': '1',
  'log-slave-updates': '1',
  'binlog-format': 'ROW',
  'gtid-strict-mode': '1',
  'skip-slave-start': '0',
  'max-connections': '200',
  'performance-schema': '0',
  'innodb-buffer-pool-size': '32M',
  'innodb-log-file-size': '16M',
};

const DURABLE: MariadbOptions = {
  'slave-net-timeout': '5',
  'innodb-flush-log-at-trx-commit': '1',
  'sync-binlog': '1',
  // A replica that was away for longer is built anew.
  'binlog-expire-logs-seconds': String(3 * 24 * 3_600),
  'max-binlog-size': '32M',
};

// Written at each commit, flushed by the system: nothing is lost by killing processes, only by a crash of the machine.
const DISPOSABLE: MariadbOptions = {
  'slave-net-timeout': '2',
  'innodb-flush-log-at-trx-commit': '2',
  'innodb-doublewrite': '0',
  'sync-binlog': '0',
};

/** The options of a cluster; `extra` wins over the rest. */
export function clusterOptions(durable: boolean, extra: MariadbOptions): MariadbOptions {
  return { ...COMMON, ...(durable ? DURABLE : DISPOSABLE), ...extra };
}
