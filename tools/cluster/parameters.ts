/** PostgreSQL parameters by name. Values are plain: quoting happens when they are written. */
export type Parameters = Readonly<Record<string, string>>;

/**
 * What every node of every cluster runs with.
 *
 * `max_connections` and its kin must not be lower on a replica than on its master, or the replica stops; so all nodes share one value.
 */
const COMMON: Parameters = {
  wal_level: 'replica',
  max_connections: '200',
  max_wal_senders: '16',
  max_replication_slots: '16',
  hot_standby: 'on',
  hot_standby_feedback: 'on',
  wal_log_hints: 'on',
  wal_retrieve_retry_interval: '200ms',
  max_slot_wal_keep_size: '1GB',
  password_encryption: 'scram-sha-256',
  jit: 'off',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
};

const DURABLE: Parameters = { wal_sender_timeout: '5s', wal_receiver_timeout: '5s' };

// Without fsync nothing is lost by killing processes, only by a crash of the whole machine.
const DISPOSABLE: Parameters = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  wal_sender_timeout: '2s',
  wal_receiver_timeout: '2s',
};

/** The parameters of a cluster; `extra` wins over the rest. */
export function clusterParameters(durable: boolean, extra: Parameters = {}): Parameters {
  return { ...COMMON, ...(durable ? DURABLE : DISPOSABLE), ...extra };
}

/** What a replica needs to know about its master. */
export interface Upstream {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The replica's own name, as the master shows it. */
  readonly replica: string;
}

/** The replication parameters of a replica. */
export function replicaParameters(upstream: Upstream): Parameters {
  // Without connect_timeout a receiver that met a hung master waits for as long as the operating system likes.
  const conninfo = {
    host: '127.0.0.1',
    port: String(upstream.port),
    user: upstream.user,
    password: upstream.password,
    application_name: upstream.replica,
    connect_timeout: '2',
    sslmode: 'disable',
    gssencmode: 'disable',
  };
  const words = Object.entries(conninfo).map(([key, value]) => `${key}=${quoteConninfo(value)}`);
  return { primary_conninfo: words.join(' '), primary_slot_name: slotName(upstream.replica) };
}

function quoteConninfo(value: string): string {
  return /^[\w.-]+$/.test(value) ? value : `'${value.replaceAll(/['\\]/g, '\\$&')}'`;
}

/** The replication slot that belongs to a node; slot names allow no dash. */
export function slotName(node: string): string {
  return node.replaceAll('-', '_');
}

/** Lines for a PostgreSQL configuration file. */
export function renderParameters(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}

/**
 * The text of a `postgresql.auto.conf` with some parameters set, or removed where the value is undefined.
 * Other lines, such as those that an administrator's `ALTER SYSTEM` wrote, stay as they are.
 */
export function mergeParameters(text: string, changes: Readonly<Record<string, string | undefined>>): string {
  const kept = text
    .split('\n')
    .filter((line) => line !== '' && !Object.hasOwn(changes, (/^\s*(\w+)/.exec(line)?.[1] ?? '').toLowerCase()));
  const set = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return [...kept, renderParameters(Object.fromEntries(set)).trimEnd(), '']
    .filter((line, at) => line !== '' || at > kept.length)
    .join('\n');
}
