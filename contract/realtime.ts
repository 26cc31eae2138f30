import { z } from 'zod';
import { errorBody } from './errors.ts';
import { id, millis } from './ids.ts';
import { limits } from './limits.ts';

/**
 * socket.io's `auth` of the handshake. Both absent: a new connection, which starts with `hello` (seq 0). Both present:
 * the server goes on with that connection: no `hello`, the missed events, then new ones. When it cannot (unknown,
 * too long ago, more than `replayLimit` events missed) a `hello` with a new `connection_id` comes instead, and the
 * client reads its state anew by REST.
 */
export const socketHandshake = z.object({
  connection_id: id.optional(),
  /** The `seq` that the client expects next: the last one received plus 1. */
  sequence_number: z.coerce.number().int().nonnegative().optional(),
});
export type SocketHandshake = z.infer<typeof socketHandshake>;

/** So many events of a connection are kept for its return. */
export const replayLimit = 128;

/**
 * What a client may ask over the socket; the webapp by `socket.emit(action, data, (answer) => ...)`, a client of
 * Mattermost's websocket by a `webSocketRequest`. The answer is a `SocketAnswer`. Actions of one connection are handled
 * in order.
 */
export const socketActions = {
  user_typing: z.object({ channel_id: id, parent_id: id.or(z.literal('')).default('') }),
  user_update_active_status: z.object({ user_is_active: z.boolean(), manual: z.boolean().default(false) }),
  /** Answers a map: user id -> status name, of all who are connected. */
  get_statuses: z.object({}),
  /** Answers a map: user id -> status name. */
  get_statuses_by_ids: z.object({ user_ids: z.array(id).max(limits.idsMax) }),
  /** Answers `text` "pong", `version`, `server_time` (ms) and `node_id`. */
  ping: z.object({}),
  /** What the client shows at the moment, and which push notifications it got. Taken note of by nobody yet. */
  presence: z.object({}),
  posted_notify_ack: z.object({}),
  /** System admins only: start or stop `database_status` events on this connection. Asked again after a reconnect. */
  watch_database: z.object({ watch: z.boolean().default(true) }),
} as const;
export type SocketActionName = keyof typeof socketActions;

/** Acknowledgement of an action: `data` when it is done, the API's error body otherwise. */
export const socketAnswer = z.union([
  z.object({ status: z.literal('OK'), data: z.record(z.string(), z.unknown()).optional() }),
  z.object({ status: z.literal('FAIL'), error: errorBody }),
]);
export type SocketAnswer = z.infer<typeof socketAnswer>;

/** Where existing clients of Mattermost open a WebSocket. */
export const webSocketPath = '/api/v4/websocket';

/**
 * The query of `webSocketPath`. A client that comes back names its connection and the `seq` that it expects next, as in
 * `socketHandshake`; an empty `connection_id` is none. `access_token` is refused: addresses end up in logs.
 */
export const webSocketQuery = z
  .object({
    connection_id: id.or(z.literal('')).default(''),
    sequence_number: z.coerce.number().int().nonnegative().optional(),
  })
  .refine((query) => query.connection_id === '' || query.sequence_number !== undefined, {
    path: ['sequence_number'],
  });

/** What a client sends over that WebSocket, as JSON in a text or binary frame; answered by a `webSocketReply`. */
export const webSocketRequest = z.object({
  /** From 1; the reply repeats it. */
  seq: z.int().default(0),
  /** A `SocketActionName`, or `webSocketChallenge`. */
  action: z.string().default(''),
  data: z.record(z.string(), z.unknown()).nullish(),
});
export type WebSocketRequest = z.infer<typeof webSocketRequest>;

/** The action by which a client signs in that did not do so by the header or the cookie of its handshake. */
export const webSocketChallenge = 'authentication_challenge';
export const webSocketChallengeData = z.object({ token: z.string().min(1).max(128) });

/** A reply has the `seq` of its request and none of its own: only events are numbered. */
export type WebSocketReply = SocketAnswer & { seq_reply: number };

/** Answer of `GET /system/ping?get_server_status=true`; without it only `status` and the versions are there. */
export const pingResponse = z.object({
  status: z.enum(['OK', 'UNHEALTHY']),
  AndroidLatestVersion: z.string(),
  AndroidMinVersion: z.string(),
  IosLatestVersion: z.string(),
  IosMinVersion: z.string(),
  ActiveSearchBackend: z.string(),
  database_status: z.enum(['OK', 'UNHEALTHY']).optional(),
  filestore_status: z.enum(['OK', 'UNHEALTHY']).optional(),
  /** Of the device that asks by `device_id`; this server sends no push notifications, so always `false`. */
  CanReceiveNotifications: z.enum(['true', 'false', 'unknown']).optional(),
});
export type PingResponse = z.infer<typeof pingResponse>;

/** Body of `GET /health/ready`; 200 when ready, 503 otherwise. `reasons` says what is missing, one sentence each. */
export const readiness = z.object({
  status: z.enum(['OK', 'UNHEALTHY']),
  mode: z.enum(['normal', 'switching', 'read-only']),
  since: millis,
  reasons: z.array(z.string()),
});
export type Readiness = z.infer<typeof readiness>;

export const clientLogRequest = z.object({
  level: z.string().max(16).default('INFO'),
  message: z.string().max(4_000),
});
/** Answer of `POST /logs`: the message as it was logged, cut. */
export const clientLogAnswer = z.object({ level: z.string(), message: z.string() });
