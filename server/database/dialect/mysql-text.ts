import mysql from 'mysql2';
import type { SqlValue } from '../row.ts';
import type { DriverStatement } from './connection.ts';

/** A text with numbered placeholders, taken apart once. */
export interface MysqlText {
  /** With `?` for each placeholder, as the server prepares it. */
  readonly prepared: string;
  /** Which value (from 0) stands at each `?`: one may stand at several, and in any order. */
  readonly order: readonly number[];
  /** What is between the placeholders; one more than `order` has. */
  readonly pieces: readonly string[];
}

/** Quoted texts, names and comments are passed over: a `$1` in there is none of ours. */
const tokens = /'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[^!M][\s\S]*?\*\/|\$(\d+)/g;

function takeApart(text: string): MysqlText {
  const pieces: string[] = [];
  const order: number[] = [];
  let from = 0;
  for (const match of text.matchAll(tokens)) {
    if (match[1] === undefined) continue;
    pieces.push(text.slice(from, match.index));
    order.push(Number(match[1]) - 1);
    from = match.index + match[0].length;
  }
  pieces.push(text.slice(from));
  return { prepared: pieces.join('?'), order, pieces };
}

const known = new WeakMap<DriverStatement, MysqlText>();

/** The statement for MySQL's placeholders; taken apart once for each statement object. */
export function mysqlText(statement: DriverStatement): MysqlText {
  let found = known.get(statement);
  if (found === undefined) {
    found = takeApart(statement.text);
    known.set(statement, found);
  }
  return found;
}

/**
 * A value as SQL. The session speaks utf8mb4 and keeps backslash escapes on, which is what the driver's escaping is
 * made for.
 */
function literal(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} cannot be stored.`);
  if (value === undefined) throw new TypeError('A placeholder has no value.');
  return typeof value === 'bigint' ? String(value) : mysql.escape(value as SqlValue, true, 'Z');
}

/** The statement with its values in it, for texts that travel together. */
export function withValues({ pieces, order }: MysqlText, values: readonly unknown[]): string {
  let text = pieces[0] ?? '';
  for (const [at, which] of order.entries()) text += literal(values[which]) + (pieces[at + 1] ?? '');
  return text;
}

/** The values in the order of the `?`, as the prepared statement wants them. */
export function inOrder({ order }: MysqlText, values: readonly unknown[]): unknown[] {
  return order.map((which) => parameter(values[which]));
}

/** Whole numbers as such: the driver sends numbers as DOUBLE, which LIMIT refuses and large ids do not survive. */
function parameter(value: unknown): unknown {
  if (typeof value === 'bigint') return mysql.TypedParameter.LONGLONG(value);
  return Number.isSafeInteger(value) ? mysql.TypedParameter.LONGLONG(value as number) : value;
}
