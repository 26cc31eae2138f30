import type { z } from 'zod';
import { type SocketActionName, socketActions, type SocketAnswer, type Status } from '../../contract/index.ts';
import { AppError, type Caller, isSystemAdmin, newId } from '../services/index.ts';
import type { Connection } from './connection.ts';
import type { Hub } from './hub.ts';

/** What the actions need of the statuses. */
export interface ActionStatuses {
  list(caller: Caller, userIds: readonly string[]): Promise<Status[]>;
  /** The user did something (`active`), or their client has seen nobody for a while. */
  report(userId: string, active: boolean, manual: boolean): void;
}

export interface ActionDeps {
  readonly hub: Pick<Hub, 'publish' | 'isInChannel' | 'watchDatabase' | 'connectedUsers'>;
  readonly statuses: ActionStatuses;
  /** Of Mattermost, as `ping` answers it. */
  readonly apiVersion: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The refusal that a client sees for whatever was thrown; the same as over HTTP. */
  readonly refusal: (error: unknown, requestId: string) => Extract<SocketAnswer, { status: 'FAIL' }>['error'];
}

/** Does what a client asks for over its socket, whatever the transport. Never throws: a refusal is an answer. */
export type ActionHandler = (connection: Connection, name: string, data: unknown) => Promise<SocketAnswer>;

type ActionInput<N extends SocketActionName> = z.output<(typeof socketActions)[N]>;
type Action<N extends SocketActionName> = (
  deps: ActionDeps,
  connection: Connection,
  input: ActionInput<N>,
) => Record<string, unknown> | undefined | Promise<Record<string, unknown> | undefined>;

const actions: { readonly [N in SocketActionName]: Action<N> } = {
  // No database: the hub knows the memberships, and typing goes on while every database is down.
  user_typing({ hub }, { userId, caller }, { channel_id, parent_id }) {
    if (!hub.isInChannel(userId, channel_id)) throw new AppError('api.context.permissions.app_error');
    hub.publish({
      event: 'typing',
      data: { parent_id, user_id: userId },
      to: { channel_id, omit_users: { [userId]: true } },
      token: caller.causality.token,
    });
    return undefined;
  },

  user_update_active_status({ statuses }, { userId }, { user_is_active, manual }) {
    statuses.report(userId, user_is_active, manual);
    return undefined;
  },

  get_statuses(deps, { caller }) {
    return statusesOf(deps, caller, deps.hub.connectedUsers());
  },

  get_statuses_by_ids(deps, { caller }, { user_ids }) {
    return statusesOf(deps, caller, user_ids);
  },

  ping({ apiVersion, now }) {
    return { text: 'pong', version: apiVersion, server_time: now(), node_id: '' };
  },

  presence: () => undefined,

  posted_notify_ack: () => undefined,

  watch_database({ hub }, connection, { watch }) {
    if (!isSystemAdmin(connection.caller)) throw new AppError('api.context.permissions.app_error');
    hub.watchDatabase(connection, watch);
    return undefined;
  },
};

async function statusesOf({ statuses }: ActionDeps, caller: Caller, userIds: readonly string[]) {
  const found = await statuses.list(caller, userIds);
  return Object.fromEntries(found.map(({ user_id, status }) => [user_id, status]));
}

/** Makes the handler of inbound actions. */
export function createActionHandler(deps: ActionDeps): ActionHandler {
  return async (connection, name, data) => {
    try {
      const answer = await perform(deps, connection, name, data);
      return answer === undefined ? { status: 'OK' } : { status: 'OK', data: answer };
    } catch (error) {
      return { status: 'FAIL', error: deps.refusal(error, newId()) };
    }
  };
}

function perform(deps: ActionDeps, connection: Connection, name: string, data: unknown) {
  if (!isActionName(name)) throw new AppError('api.web_socket_router.bad_action.app_error');
  const checked = socketActions[name].safeParse(data ?? {});
  if (!checked.success) {
    const field = checked.error.issues[0]?.path.join('.') || 'data';
    throw new AppError('api.context.invalid_body_param.app_error', { params: { name: field } });
  }
  // The table's type ties each action to its schema; TypeScript cannot follow that through an index.
  const action = actions[name] as Action<SocketActionName>;
  return action(deps, connection, checked.data);
}

function isActionName(name: string): name is SocketActionName {
  return Object.hasOwn(socketActions, name);
}
