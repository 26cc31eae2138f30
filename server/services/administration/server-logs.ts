import type { LogEntry, LogQueryRequest } from '../../../contract/index.ts';
import type { LogOutput } from '../../observability/index.ts';
import { AppError } from '../base/app-error.ts';

/** What a server is called that is not part of a cluster of servers. */
const SERVER_NAME = 'default';

export interface LogPosition {
  /** From 0: the newest lines. */
  readonly page: number;
  readonly perPage: number;
}

/** The end of the server's log as Mattermost's clients read it. Needs no database. */
export class ServerLogs {
  readonly #logs: Pick<LogOutput, 'recentLogs'>;

  constructor(logs: Pick<LogOutput, 'recentLogs'>) {
    this.#logs = logs;
  }

  /** A page of lines, each as JSON text; the newest page first, and inside of it the oldest line first. */
  lines(position: LogPosition): string[] {
    return pageOf(this.#entries(), position).map((entry) => JSON.stringify(entry));
  }

  /**
   * The lines that the query is after, by server.
   *
   * @throws AppError 400 for a date that is none.
   */
  query(query: LogQueryRequest, position: LogPosition): Record<string, LogEntry[]> {
    const [from, to] = [timeOf(query, 'date_from'), timeOf(query, 'date_to')];
    const levels = query.log_levels.map((level) => level.toLowerCase());
    if (query.server_names.length > 0 && !query.server_names.includes(SERVER_NAME)) return {};
    const found = this.#entries().filter(({ timestamp, level }) => {
      const at = Date.parse(timestamp);
      return at >= (from ?? at) && at <= (to ?? at) && (levels.length === 0 || levels.includes(level));
    });
    return { [SERVER_NAME]: pageOf(found, position) };
  }

  /** All kept lines as a file. */
  text(): string {
    return this.#entries()
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join('');
  }

  #entries(): LogEntry[] {
    return this.#logs.recentLogs().map(({ line }) => {
      const { time, level, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
      return { ...fields, timestamp: String(time), level: String(level), msg: String(event), caller: '' };
    });
  }
}

function pageOf<T>(entries: readonly T[], { page, perPage }: LogPosition): T[] {
  const end = entries.length - page * perPage;
  return end <= 0 ? [] : entries.slice(Math.max(0, end - perPage), end);
}

function timeOf(query: LogQueryRequest, name: 'date_from' | 'date_to'): number | undefined {
  if (query[name] === '') return undefined;
  const at = Date.parse(query[name]);
  if (Number.isNaN(at)) throw new AppError('api.context.invalid_body_param.app_error', { params: { name } });
  return at;
}
