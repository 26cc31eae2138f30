import type { User } from '../../../../contract/index.ts';
import { api } from '../../client/index.ts';
import { byId, change, chatState } from '../state/index.ts';

const wanted = new Set<string>();
const asked = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

const gatherTime = 20;
const perRequest = 200;

/** Takes over users that came along with something else. */
export function keepUsers(users: readonly User[]): void {
  change((state) => ({ ...state, users: { ...state.users, ...byId(users) } }));
}

async function ask(ids: readonly string[]): Promise<void> {
  try {
    keepUsers(await api.users.byIds(ids));
  } catch {
    // They are asked for again the next time that somebody wants to show them.
  } finally {
    for (const id of ids) asked.delete(id);
  }
}

function askForAll(): void {
  timer = undefined;
  const ids = [...wanted];
  wanted.clear();
  for (let start = 0; start < ids.length; start += perRequest) void ask(ids.slice(start, start + perRequest));
}

/** Loads users that are not known yet; calls that come close together share one request. */
export function needUsers(ids: Iterable<string>): void {
  const { users } = chatState();
  for (const id of ids) {
    if (id === '' || users[id] || asked.has(id)) continue;
    asked.add(id);
    wanted.add(id);
  }
  if (wanted.size > 0) timer ??= setTimeout(askForAll, gatherTime);
}

/** Who is online, of the users given. Without an answer everybody stays as they were. */
export async function loadStatuses(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const list = await api.users.statuses(ids).catch(() => []);
  const statuses = Object.fromEntries(list.map((status) => [status.user_id, status.status]));
  change((state) => ({ ...state, statuses: { ...state.statuses, ...statuses } }));
}
