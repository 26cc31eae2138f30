import { z } from 'zod';
import { millis } from './ids.ts';
import { automaticPromotion, durability, patroniStatus } from './lost-master.ts';
import { takenOut } from './rotation.ts';

/** Health of a data source. Shown as Online, Lagging, Suspect, Unreachable, Draining; always with its cause. */
export const health = z.enum(['online', 'lagging', 'suspect', 'offline', 'draining']);
export type Health = z.infer<typeof health>;

export const assignedRole = z.enum(['master', 'replica', 'search-replica']);
export type AssignedRole = z.infer<typeof assignedRole>;
/** What the database itself says: `master` accepts writes, `replica` is in recovery, `read-only` is a master that refuses writes. */
export const observedRole = z.enum(['master', 'replica', 'read-only', 'unknown']);
export type ObservedRole = z.infer<typeof observedRole>;

/** What users may do: `switching` holds writes for a moment, `read-only` refuses them; both with the reason. */
export const databaseMode = z.object({
  mode: z.enum(['normal', 'switching', 'read-only']),
  reason: z.string(),
  since: millis,
});
export type DatabaseMode = z.infer<typeof databaseMode>;

/** A disk, in bytes. What root keeps in reserve is not in it. */
export const diskSpace = z.object({
  total_bytes: z.number(),
  free_bytes: z.number(),
  /** Where the figures come from, in words. */
  source: z.string(),
});

/** The space of one data source: values, or why there are none. Values may be older than `failure`. */
export const diskStatus = z.object({
  checked_at: millis.nullable(),
  /** Why the last check failed. */
  failure: z.string().nullable(),
  /** Used by tables and indexes of the database, and by the log of its whole server. */
  database_bytes: z.number().nullable(),
  log_bytes: z.number().nullable(),
  /** The disk of the data. */
  space: diskSpace.nullable(),
  /** The disk of the log, when it has one of its own. */
  log_space: diskSpace.nullable(),
  /** Why `space` is null: one sentence with what to run, or to write where, so that it becomes known. */
  unknown: z.string().nullable(),
  /** Of the disk of the data where its size is known, otherwise of the database. Over at most the last 24 hours. */
  growth_bytes_per_hour: z.number().nullable(),
  /** Until the disk is full at that growth; null when it does not grow. */
  hours_left: z.number().nullable(),
  /** Of a replica: its disk's size as a multiple of the master's. */
  times_master: z.number().nullable(),
  warnings: z.array(
    z.object({
      kind: z.enum(['disk_low', 'disk_full', 'slot_holds_back', 'no_roomy_replica']),
      severity: z.enum(['warning', 'error']),
      text: z.string(),
    }),
  ),
});
export type DiskStatus = z.infer<typeof diskStatus>;

/** One row of the table "Database connections". No secret in it. Rates are of the last 10 s, p95 of the last minute. */
export const dataSourceStatus = z.object({
  /** Stable name: `host:port/database`. */
  name: z.string(),
  host: z.string(),
  port: z.int(),
  database: z.string(),
  user: z.string(),
  driver: z.string(),
  assigned_role: assignedRole,
  observed_role: observedRole,
  health,
  /** Why the health is what it is, in words an operator can act upon. */
  cause: z.string(),
  health_since: millis,
  /** Set while an admin keeps the replica out of the rotation, however healthy it is. */
  taken_out: takenOut.nullable(),
  generation: z.int(),
  in_use: z.int(),
  idle: z.int(),
  max: z.int(),
  waiting: z.int(),
  in_flight: z.int(),
  queries_total: z.int(),
  reads_total: z.int(),
  writes_total: z.int(),
  queries_per_second: z.number(),
  p95_ms: z.number().nullable(),
  errors_total: z.int(),
  errors_per_minute: z.number(),
  lag_seconds: z.number().nullable(),
  lag_bytes: z.number().nullable(),
  position: z.string().nullable(),
  server_version: z.string().nullable(),
  checked_at: millis,
  /** Until the next check; 0 while one is under way. */
  next_check_in_ms: z.number().nullable(),
  last_error: z.string().nullable(),
  disk: diskStatus,
});
export type DataSourceStatus = z.infer<typeof dataSourceStatus>;

export const databaseStatus = z.object({
  generation: z.int(),
  generation_since: millis,
  mode: databaseMode,
  master_since: millis,
  sources: z.array(dataSourceStatus),
  /** Pools of earlier generations that still have work in flight. */
  draining: z.array(z.object({ name: z.string(), generation: z.int(), in_flight: z.int(), deadline_at: millis })),
  gate: z.object({
    state: z.enum(['open', 'closed']),
    waiting: z.int(),
    longest_wait_ms: z.number(),
    last_hold_ms: z.number().nullable(),
    released_total: z.int(),
    expired_total: z.int(),
  }),
  reads: z.object({
    replica_total: z.int(),
    master_total: z.int(),
    retried_total: z.int(),
    /** Served without a master by a replica that lacked what the caller had seen. */
    behind_total: z.int(),
    /** Reads that went to the master, by reason: `no_replica`, `not_caught_up`, `latest`, `read_from_master`. */
    master_by_reason: z.record(z.string(), z.int()),
  }),
  writes: z.object({ acknowledged_total: z.int(), unknown_total: z.int(), resolved_total: z.int() }),
  connection_budget: z.object({ planned: z.int(), allowed: z.int().nullable(), source: z.string().nullable() }),
  durability,
  automatic_promotion: automaticPromotion.optional(),
  patroni: patroniStatus.optional(),
});
export type DatabaseStatus = z.infer<typeof databaseStatus>;

export const databaseEvent = z.object({
  id: z.int(),
  at: millis,
  /** `left_rotation`, `returned`, `health_changed`, `role_changed`, `recycle`, `reload`, `mode_changed`, `read_fell_back`, ... */
  kind: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  source: z.string().nullable(),
  actor: z.string().nullable(),
  text: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type DatabaseEvent = z.infer<typeof databaseEvent>;

/** One line of a test or check: what was looked at, how it came out, in words. */
export const checkResult = z.object({
  name: z.string(),
  outcome: z.enum(['passed', 'warning', 'failed', 'skipped']),
  text: z.string(),
  took_ms: z.number().nullable(),
  /** Of a failed check of a recycle that an override would accept: what is accepted with it, in words. */
  accepting: z.string().optional(),
});
export type CheckResult = z.infer<typeof checkResult>;

export const sourceReport = z.object({
  name: z.string(),
  index: z.int(),
  assigned_role: assignedRole,
  outcome: z.enum(['passed', 'warning', 'failed']),
  checks: z.array(checkResult),
});
export type SourceReport = z.infer<typeof sourceReport>;

/** Something that a person has to do on a data source, with the exact commands. No secret. */
export const followUp = z.object({ source: z.string(), text: z.string(), commands: z.array(z.string()) });
export type FollowUp = z.infer<typeof followUp>;

export const operationStep = z.object({
  name: z.string(),
  state: z.enum(['pending', 'running', 'done', 'failed', 'skipped']),
  detail: z.string(),
  started_at: millis.nullable(),
  took_ms: z.number().nullable(),
  /** What a person had to do so that the step ends. */
  asks: followUp.optional(),
});
export type OperationStep = z.infer<typeof operationStep>;

/** Whether `config.json` names the new master; if not, what a person must write where. Passwords in it are masked. */
export const masterConfiguration = z.object({
  written: z.boolean(),
  /** Path of the former content; empty when nothing was written. */
  backup: z.string(),
  /** Why it was not written; empty when it was. */
  reason: z.string(),
  setting: z.string(),
  text: z.string(),
});
export type MasterConfiguration = z.infer<typeof masterConfiguration>;

export const operationOutcome = z.enum([
  'running',
  'succeeded',
  'failed-nothing-changed',
  'failed-after-switch',
  'cancelled',
]);
export const operation = z.object({
  id: z.string(),
  kind: z.enum(['reload', 'recycle', 'switchover']),
  actor: z.string(),
  started_at: millis,
  ended_at: millis.nullable(),
  steps: z.array(operationStep),
  outcome: operationOutcome,
  /** Whether `POST /database/operations/{id}/cancel` would be heard. */
  cancellable: z.boolean().default(false),
  /** Who has asked for it to be cancelled. */
  cancelled_by: z.string().nullable().default(null),
  /** Of a recycle that has switched: SHA-256 of the configuration that the live pools had before. */
  configuration_before: z.string().optional(),
  /** Of a recycle that has switched in spite of red checks: each of them, with what was found. */
  overridden: z.array(z.string()).optional(),
  /** One sentence for the admin; for a failure it names the data source and the cause. */
  summary: z.string(),
  write_hold_ms: z.number().nullable(),
  writes_held: z.int().nullable(),
  writes_failed: z.int().nullable(),
  /** Of a switchover: what is left to do. */
  follow_ups: z.array(followUp).optional(),
  configuration: masterConfiguration.optional(),
});
export type Operation = z.infer<typeof operation>;

export const configChange = z.object({
  /** `SqlSettings.DataSource[1].host`-like path. */
  path: z.string(),
  running: z.string(),
  on_disk: z.string(),
  takes_effect: z.enum(['now', 'after-recycle', 'after-restart', 'ignored-environment']),
  text: z.string(),
});
export type ConfigChange = z.infer<typeof configChange>;

export const configProblem = z.object({
  path: z.string(),
  /** The value found, masked when it is a secret. */
  value: z.string(),
  message: z.string(),
  severity: z.enum(['error', 'warning']),
  line: z.int().nullable(),
  column: z.int().nullable(),
  /** Of a text that is no JSON: the lines around the fault, with everything hidden that could be a secret. */
  excerpt: z
    .object({
      /** Where in the shown text of the faulty line the fault is; counts from 1. */
      column: z.int(),
      lines: z.array(z.object({ number: z.int(), text: z.string() })),
    })
    .optional(),
});
export type ConfigProblem = z.infer<typeof configProblem>;

const layer = z.object({ version: z.int(), sha: z.string(), at: millis });
export const configStatus = z.object({
  file: z.object({
    path: z.string(),
    size: z.int().nullable(),
    modified_at: millis.nullable(),
    writable: z.boolean(),
    valid: z.boolean(),
    problems: z.array(configProblem),
  }),
  layers: z.object({
    /** `version` counts distinct contents seen since the start; the same content has the same number. */
    on_disk: layer.nullable(),
    running: layer,
    live: layer.extend({
      generation: z.int(),
      /**
       * Set while another database is the master than the one that the configuration names first: it was promoted and
       * followed, or a switchover could not write the file. Until the file names it first, a recycle back to the old order is
       * refused.
       */
      followed: z
        .object({
          configured: z.string(),
          master: z.string(),
          /** The whole `SqlSettings.DataSource` in its new order, with its passwords masked. */
          data_source: z.string(),
          text: z.string(),
        })
        .nullable()
        .optional(),
    }),
  }),
  changes: z.array(configChange),
  /** Settings that the environment overrides: path and the variable's name, never its value. */
  environment: z.array(z.object({ path: z.string(), variable: z.string() })),
  recycle_needed: z.boolean(),
  last_reload: z
    .object({ at: millis, actor: z.string(), succeeded: z.boolean(), text: z.string(), changes: z.int() })
    .nullable(),
  /** SHA-256 of the contents that can be compared and restored. */
  kept_versions: z.array(z.string()),
  history: z.array(
    z.object({
      at: millis,
      /** `start`: with a configuration that did not run before; `switchover`, `master`: the server wrote the file; `edit`: for an admin. */
      kind: z.enum(['start', 'reload', 'switchover', 'master', 'edit']).default('reload'),
      /** Empty for a start. */
      actor: z.string(),
      /** SHA-256 of the content that was in use from then on; null when there was none, or when it is not known. */
      sha: z.string().nullable().default(null),
      succeeded: z.boolean(),
      text: z.string(),
      changes: z.array(configChange),
    }),
  ),
});
export type ConfigStatus = z.infer<typeof configStatus>;

/** `status: "OK"` as Mattermost answers; the rest is ours. */
export const reloadResponse = z.object({
  status: z.literal('OK'),
  dry_run: z.boolean(),
  changes: z.array(configChange),
  warnings: z.array(configProblem),
  recycle_needed: z.boolean(),
  text: z.string(),
});
export type ReloadResponse = z.infer<typeof reloadResponse>;

/** Body of `POST /database/switchover`. */
export const switchoverRequest = z.object({
  /** Name of the data source that is to be the master: `host:port/database`. */
  name: z.string().min(1).max(512),
  /** The master is lost: acknowledged writes may be missing. Needs the confirmation. */
  emergency: z.boolean().optional(),
  /** The name once more. */
  confirmation: z.string().max(512).optional(),
});
export type SwitchoverRequest = z.infer<typeof switchoverRequest>;

/** The dry run: each check with its outcome and reason, and what is left for a person. */
export const switchoverPlan = z.object({
  from: z.string(),
  to: z.string(),
  emergency: z.boolean(),
  checks: z.array(checkResult),
  possible: z.boolean(),
  /** Why it is not possible, with what to do; empty otherwise. */
  reason: z.string(),
  commands: z.array(followUp),
  /** What the emergency path may lose; empty otherwise. */
  loss: z.string(),
  effect: z.string(),
});
export type SwitchoverPlan = z.infer<typeof switchoverPlan>;

/** Answer of `POST /database/switchover`: with `dry_run` only the plan, otherwise the ended operation (or the joined one). */
export const switchoverResponse = z.object({
  status: z.literal('OK'),
  dry_run: z.boolean(),
  joined: z.boolean(),
  plan: switchoverPlan.nullable(),
  operation: operation.nullable(),
});
export type SwitchoverResponse = z.infer<typeof switchoverResponse>;

export const testResponse = z.object({ status: z.literal('OK'), reports: z.array(sourceReport) });
export type TestResponse = z.infer<typeof testResponse>;
