/** Fields of a log line. Values are printed as they are: never put a secret or a whole data source in. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Log lines are named events with fields, never sentences with values glued in. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A logger that adds `fields` to each line. */
  child(fields: LogFields): Logger;
}

const nothing = (): void => {};

/** Swallows everything; for tests. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
};
