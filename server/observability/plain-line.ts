/** Members of a line that stand at its front instead of as `key=value`. */
const front = new Set(['time', 'level', 'event']);

/** A JSON line of the log as a line for a terminal: `08:15:02.113 INFO  event key=value`. Stacks follow, indented. */
export function toPlainLine(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown>;
  const time = String(line.time).slice(11, 23);
  const level = String(line.level).toUpperCase().padEnd(5);
  const fields = Object.entries(line).filter(([key]) => !front.has(key));
  const text = fields.map(([key, value]) => ` ${key}=${plainValue(value)}`).join('');
  return `${time} ${level} ${String(line.event)}${text}\n${stacksOf(fields)}`;
}

function plainValue(value: unknown): string {
  if (typeof value === 'string') return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
  if (isError(value)) return JSON.stringify(value.message);
  return JSON.stringify(value);
}

function stacksOf(fields: readonly [string, unknown][]): string {
  const stacks = fields.map(([, value]) => (isError(value) ? value.stack : '')).filter((stack) => stack !== '');
  return stacks.map((stack) => `${stack.replace(/^/gm, '    ')}\n`).join('');
}

function isError(value: unknown): value is { message: string; stack: string } {
  return typeof value === 'object' && value !== null && 'stack' in value && 'message' in value;
}
