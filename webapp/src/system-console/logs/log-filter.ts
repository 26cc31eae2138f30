import type { LogLevel, LogLine, LogPage } from '../../../../contract/index.ts';

/** Worst first, as the buttons stand. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const satisfies readonly LogLevel[];

export interface LogFilter {
  readonly words: string;
  /** Levels that are hidden. */
  readonly hidden: ReadonlySet<LogLevel>;
}

const linesKept = 2_000;

/** The lines of one run of the server; those of another run are forgotten, since their ids begin anew. */
export function withPage(known: LogPage | undefined, page: LogPage): LogPage {
  if (known === undefined || known.run !== page.run) return page;
  const last = known.lines.at(-1)?.id ?? -1;
  const added = page.lines.filter(({ id }) => id > last);
  return added.length === 0 ? known : { run: known.run, lines: [...known.lines, ...added].slice(-linesKept) };
}

/** `key=value` of all fields, as on a terminal. */
export function fieldText({ fields }: LogLine): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/** Lines that have every word, in the event or in the fields, and a level that is shown. */
export function filterLines(lines: readonly LogLine[], { words, hidden }: LogFilter): LogLine[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter((line) => {
    if (hidden.has(line.level)) return false;
    if (wanted.length === 0) return true;
    const text = `${line.level} ${line.event} ${fieldText(line)}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

export function countLevels(lines: readonly LogLine[]): Record<LogLevel, number> {
  const counts = { error: 0, warn: 0, info: 0, debug: 0 };
  for (const { level } of lines) counts[level] += 1;
  return counts;
}
