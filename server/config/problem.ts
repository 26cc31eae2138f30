import type { ConfigProblem } from '../../contract/index.ts';
import type { Position } from './json-scan.ts';

export interface ProblemDetails {
  readonly path?: string;
  /** Masked already where it is a secret. */
  readonly value?: string;
  readonly at?: Position | undefined;
}

const problem = (severity: ConfigProblem['severity'], message: string, details: ProblemDetails): ConfigProblem => ({
  path: details.path ?? '',
  value: details.value ?? '',
  ...{ message, severity },
  line: details.at?.line ?? null,
  column: details.at?.column ?? null,
});

/** Keeps the configuration from being used. */
export const refuse = (message: string, details: ProblemDetails = {}): ConfigProblem =>
  problem('error', message, details);

/** Worth an operator's look; the configuration works. */
export const warn = (message: string, details: ProblemDetails = {}): ConfigProblem =>
  problem('warning', message, details);

/** One line per problem: `SqlSettings.MaxOpenConns = "8" (line 12, column 21): Must be a whole number ...`. */
export const formatProblem = ({ path, value, message, line, column }: ConfigProblem): string => {
  const subject = [path, value].filter((part) => part !== '').join(' = ');
  const place = line === null ? '' : `line ${line}, column ${column}`;
  const where = subject !== '' && place !== '' ? `${subject} (${place})` : subject || place;
  return where === '' ? message : `${where}: ${message}`;
};

/** The configuration cannot be used; `problems` holds every reason, its message all of them in words. */
export class ConfigError extends Error {
  readonly path: string;
  readonly problems: readonly ConfigProblem[];

  constructor(path: string, problems: readonly ConfigProblem[]) {
    super(
      [`The configuration ${path} cannot be used:`, ...problems.map((each) => `- ${formatProblem(each)}`)].join('\n'),
    );
    this.name = 'ConfigError';
    this.path = path;
    this.problems = problems;
  }
}
