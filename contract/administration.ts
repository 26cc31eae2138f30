import { z } from 'zod';
import { id, millis, stringMap } from './ids.ts';
import { user } from './user.ts';

/** Body of `POST /logs/query`; whatever is empty does not narrow the answer. Times are ISO 8601, or as Mattermost's console writes them. */
export const logQueryRequest = z.object({
  server_names: z.array(z.string().max(128)).max(100).default([]),
  log_levels: z.array(z.string().max(16)).max(10).default([]),
  date_from: z.string().max(64).default(''),
  date_to: z.string().max(64).default(''),
});
export type LogQueryRequest = z.output<typeof logQueryRequest>;

/** A line of the log in Mattermost's names; the fields of the line stand beside them. */
export const logEntry = z
  .object({ timestamp: z.string(), level: z.string(), msg: z.string(), caller: z.string() })
  .catchall(z.unknown());
export type LogEntry = z.infer<typeof logEntry>;

/** Answer of `GET /logs`: each line is a `logEntry` as JSON text. */
export const logLinesAnswer = z.array(z.string());
/** Answer of `POST /logs/query`: the name of the server -> its lines, oldest first. */
export const logQueryAnswer = z.record(z.string(), z.array(logEntry));

/** Answer of `GET /analytics/old`: -1 = it was not counted. */
export const analyticsAnswer = z.array(z.object({ name: z.string(), value: z.int() }));
export type AnalyticsAnswer = z.infer<typeof analyticsAnswer>;

export const analyticsName = z.enum([
  'standard',
  'extra_counts',
  'post_counts_day',
  'bot_post_counts_day',
  'user_counts_with_posts_day',
]);
export type AnalyticsName = z.infer<typeof analyticsName>;

export const usersStats = z.object({ total_users_count: z.int().nonnegative() });

/** A row of `GET /reports/users`. Figures about posts are not there: counting them would read every post. */
export const userReport = user.extend({ last_login: millis, last_status_at: millis });
export type UserReport = z.infer<typeof userReport>;

/** Something that somebody did. `extra_info` begins with how it came out: `success` or `fail`. */
export const audit = z.object({
  id,
  create_at: millis,
  user_id: id.or(z.literal('')),
  action: z.string(),
  extra_info: z.string(),
  ip_address: z.string(),
  session_id: id.or(z.literal('')),
});
export type AuditAnswer = z.infer<typeof audit>;

export const jobStatus = z.enum(['pending', 'in_progress', 'success', 'error', 'cancel_requested', 'canceled']);

/** Work that the server does by itself. Times are milliseconds since 1970. */
export const job = z.object({
  id,
  type: z.string(),
  priority: z.int(),
  create_at: millis,
  start_at: millis,
  last_activity_at: millis,
  status: jobStatus,
  /** Per cent. */
  progress: z.int(),
  data: stringMap,
});
export type Job = z.infer<typeof job>;
export const createJobRequest = z.object({ type: z.string().min(1).max(32), data: stringMap.nullable().optional() });
export const setJobStatusRequest = z.object({ status: jobStatus, force: z.boolean().default(false) });

/** Answer of `GET /server_busy`; `expires` is in *seconds* since 1970, 0 when the server is not busy. */
export const serverBusy = z.object({ busy: z.boolean(), expires: z.int().nonnegative(), expires_ts: z.string() });
export type ServerBusy = z.infer<typeof serverBusy>;

/** Answer of `POST /integrity`: rows whose other half is missing, per relation; at most some of each. */
export const integrityAnswer = z.array(
  z.object({
    data: z.object({
      parent_name: z.string(),
      child_name: z.string(),
      parent_id_attr: z.string(),
      child_id_attr: z.string(),
      records: z.array(z.object({ parent_id: z.string(), child_id: z.string() })),
    }),
    err: z.string(),
  }),
);
export type IntegrityAnswer = z.infer<typeof integrityAnswer>;

export const siteUrlTestRequest = z.object({ site_url: z.string().max(2_048) });
export const schemaVersionAnswer = z.array(z.object({ version: z.int(), name: z.string() }));
export const clusterStatusAnswer = z.array(
  z.object({
    id: z.string(),
    version: z.string(),
    config_hash: z.string(),
    ipaddress: z.string(),
    hostname: z.string(),
    schema_version: z.string(),
  }),
);
export const pluginsAnswer = z.object({ active: z.array(z.unknown()).max(0), inactive: z.array(z.unknown()).max(0) });
