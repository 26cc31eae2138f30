import { pino } from 'pino';
import type { LogFields, Logger } from './logger.ts';
import { toPlainLine } from './plain-line.ts';
import { createRecentLines, type RecentLine } from './recent-lines.ts';
import { redactText, redactValue } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The part of `LogSettings` that decides what is printed. */
export interface LogOptions {
  /** Lines below are dropped. Default `info`. */
  readonly level: LogLevel;
  /** `json`: one object per line, for machines. `plain`: for a terminal. */
  readonly format: 'json' | 'plain';
}

/** The logger of the process with what the console and a reload need of it. */
export interface LogOutput {
  readonly logger: Logger;
  /** The kept lines with an id above `after` as JSON text, oldest first, already redacted. */
  recentLogs(after?: number): RecentLine[];
  /** Takes new settings at once, after a reload. */
  apply(options: LogOptions): void;
}

/**
 * Makes the logger. Every field is redacted before it is printed or kept (`redact.ts`).
 *
 * @param write where finished lines go; default standard output.
 */
export function createLogger(
  options: LogOptions,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): LogOutput {
  const recent = createRecentLines();
  let format = options.format;
  const destination = {
    write(json: string) {
      recent.add(json.trimEnd());
      write(format === 'json' ? json : toPlainLine(json));
    },
  };
  const root = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const enabled = (level: LogLevel) => root.isLevelEnabled(level);
  const print = (level: LogLevel, event: string, fields: LogFields) =>
    root[level](redactValue(fields) as Record<string, unknown>, redactText(event));
  return {
    logger: wrap(print, enabled, {}),
    recentLogs: (after) => recent.list(after),
    apply(next) {
      root.level = next.level;
      format = next.format;
    },
  };
}

type Print = (level: LogLevel, event: string, fields: LogFields) => void;

// The level is asked first: a debug line that nobody wants costs no redaction. Children go through the same root, so
// that a changed level reaches those which were made before (a child of pino would keep its own).
function wrap(print: Print, enabled: (level: LogLevel) => boolean, bound: LogFields): Logger {
  const at = (level: LogLevel) => (event: string, fields?: LogFields) => {
    if (enabled(level)) print(level, event, { ...bound, ...fields });
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(print, enabled, { ...bound, ...fields }),
  };
}
