import type { AnalyticsAnswer, AnalyticsName } from '../../../contract/index.ts';
import { DatabaseError } from '../../database/index.ts';
import type { AnalyticsStore, DayCount, Totals } from '../../stores/analytics/index.ts';

/** What is open at the moment; asked of this process, not of a database. */
export interface LiveCounts {
  readonly sockets: number;
  readonly masterConnections: number;
  readonly readConnections: number;
}

export interface AnalyticsServiceDeps {
  readonly store: AnalyticsStore;
  readonly live: () => LiveCounts;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
const DAYS = 31;
/** What Mattermost's clients take for "this was not counted". */
const SKIPPED = -1;

/** Mattermost's site statistics, by statements that read no post twice and not one that they need not. */
export class AnalyticsService {
  readonly #deps: AnalyticsServiceDeps;

  constructor(deps: AnalyticsServiceDeps) {
    this.#deps = deps;
  }

  /** @param teamId empty: of the whole server. */
  figures(name: AnalyticsName, teamId: string): Promise<AnalyticsAnswer> {
    switch (name) {
      case 'standard':
        return this.#standard(teamId);
      case 'extra_counts':
        return this.#extra(teamId);
      case 'post_counts_day':
        return this.#byDay((days) => this.#deps.store.postsByDay(days), teamId);
      case 'user_counts_with_posts_day':
        return this.#byDay((days) => this.#deps.store.authorsByDay(days), teamId);
      case 'bot_post_counts_day':
        return Promise.resolve([]);
    }
  }

  async #standard(teamId: string): Promise<AnalyticsAnswer> {
    const { store, live, now } = this.#deps;
    const since = { day: now() - DAY_MS, month: now() - DAYS * DAY_MS };
    const totals = await unlessTooSlow(store.totals(teamId, since));
    const { sockets, masterConnections, readConnections } = live();
    const counted = (key: keyof Totals): number => totals?.[key] ?? SKIPPED;
    return rows({
      channel_open_count: counted('openChannels'),
      channel_private_count: counted('privateChannels'),
      post_count: counted('posts'),
      unique_user_count: counted('users'),
      team_count: counted('teams'),
      total_websocket_connections: sockets,
      total_master_db_connections: masterConnections,
      total_read_db_connections: readConnections,
      daily_active_users: counted('activeToday'),
      monthly_active_users: counted('activeThisMonth'),
      inactive_user_count: counted('inactiveUsers'),
      total_file_count: counted('files'),
      total_file_size: counted('fileBytes'),
    });
  }

  async #extra(teamId: string): Promise<AnalyticsAnswer> {
    const found = await unlessTooSlow(this.#deps.store.extra(teamId, this.#deps.now()));
    return rows({
      file_post_count: found?.postsWithFiles ?? SKIPPED,
      // No index has it: counting would read every post.
      hashtag_post_count: SKIPPED,
      incoming_webhook_count: 0,
      outgoing_webhook_count: 0,
      command_count: 0,
      session_count: found?.sessions ?? SKIPPED,
    });
  }

  /** The last days that have ended, in UTC, newest first. */
  async #byDay(
    count: (days: { from: number; to: number; teamId: string }) => Promise<DayCount[]>,
    teamId: string,
  ): Promise<AnalyticsAnswer> {
    const to = Math.floor(this.#deps.now() / DAY_MS) * DAY_MS;
    const days = await unlessTooSlow(count({ from: to - DAYS * DAY_MS, to, teamId }));
    return (days ?? []).map(({ day, count: value }) => ({ name: new Date(day).toISOString().slice(0, 10), value }));
  }
}

const rows = (values: Readonly<Record<string, number>>): AnalyticsAnswer =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** A figure that takes too long is left out; that no database answers is told. */
async function unlessTooSlow<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'timeout') return undefined;
    throw error;
  }
}
