import type { DataSource } from '../data-source/data-source.ts';
import { MASK } from '../data-source/index.ts';

interface Word {
  readonly name: string;
  /** As written, with its quotes. */
  readonly value: string;
}

const word = /\s*(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)/sy;

/** Names that say where the master is; the rest of a conninfo says who asks and how. */
const place = new Set(['host', 'hostaddr', 'port']);

function wordsOf(conninfo: string): Word[] {
  const words: Word[] = [];
  word.lastIndex = 0;
  for (let found = word.exec(conninfo); found !== null; found = word.exec(conninfo)) {
    words.push({ name: (found[1] ?? '').toLowerCase(), value: found[2] ?? '' });
    if (word.lastIndex === conninfo.trimEnd().length) return words;
  }
  throw new Error('Its primary_conninfo is not written as name=value pairs: change it by hand.');
}

/**
 * The name by which a replica is known to its master; undefined when the conninfo gives none.
 *
 * @throws Error when it is written in a form that cannot be read.
 */
export function applicationNameOf(conninfo: string): string | undefined {
  const value = wordsOf(conninfo).findLast(({ name }) => name === 'application_name')?.value;
  return value?.replace(/^'(.*)'$/s, '$1').replaceAll(/\\(.)/gs, '$1');
}

const quoted = (value: string): string =>
  /^[\w.:-]+$/.test(value) ? value : `'${value.replaceAll(/['\\]/g, '\\$&')}'`;

/**
 * A replica's conninfo with another master in it; user, password and everything else stay.
 *
 * @throws Error when it is written in a form that cannot be edited safely, without quoting it: it holds a password.
 */
export function withPlace(conninfo: string, { hosts: [{ host, port }] }: DataSource): string {
  const kept = wordsOf(conninfo).filter(({ name }) => !place.has(name));
  const words = [{ name: 'host', value: quoted(host) }, { name: 'port', value: String(port) }, ...kept];
  return words.map(({ name, value }) => `${name}=${value}`).join(' ');
}

/** The conninfo for a person who knows the secrets. */
export function examplePlace({ hosts: [{ host, port }] }: DataSource): string {
  return `host=${quoted(host)} port=${port} user=<replication user> password=${MASK} application_name=<its name>`;
}

/** A text as an SQL literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
