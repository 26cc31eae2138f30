import type { LogLine, LogPage } from '../../contract/index.ts';
import { logLevel } from '../../contract/index.ts';
import type { LogOutput } from '../observability/index.ts';

/** The end of the server's log as the console shows it. `run` differs from one start of the server to the next. */
export function createLogPages(logs: Pick<LogOutput, 'recentLogs'>, run: string): (after?: number) => LogPage {
  return (after) => ({ run, lines: logs.recentLogs(after).flatMap(({ id, line }) => parseLine(id, line) ?? []) });
}

function parseLine(id: number, line: string): LogLine | undefined {
  const { time, level, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const known = logLevel.safeParse(level);
  return known.success ? { id, time: String(time), level: known.data, event: String(event), fields } : undefined;
}
