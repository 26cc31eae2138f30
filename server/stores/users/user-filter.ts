import type { SqlValue, SqlVocabulary } from '../../database/index.ts';
import { type BuiltQuery, codeOf, type QueryPart, statementOnce, valuesOf } from '../built-query.ts';
import { likeText } from '../like-text.ts';
import { userColumns } from './user-row.ts';

/** Which users are wanted; what is left out does not matter. */
export interface UserFilter {
  readonly inTeam?: string | undefined;
  readonly notInTeam?: string | undefined;
  readonly inChannel?: string | undefined;
  readonly notInChannel?: string | undefined;
  /** In no team at all. */
  readonly withoutTeam?: boolean | undefined;
  readonly activity?: 'active' | 'inactive' | undefined;
  /** Has this system role. */
  readonly role?: string | undefined;
}

interface Condition extends QueryPart {
  /** Its text; `place` is the placeholder of its value. */
  readonly text: (place: string) => string;
}

const inTeam = (place: string) =>
  `SELECT 1 FROM teammembers tm WHERE tm.userid = u.id AND tm.teamid = ${place} AND tm.deleteat = 0`;
const inChannel = (place: string) =>
  `SELECT 1 FROM channelmembers cm WHERE cm.userid = u.id AND cm.channelid = ${place}`;

function conditionsOf(filter: UserFilter): Condition[] {
  const found: Condition[] = [];
  const add = (code: string, text: Condition['text'], value: SqlValue | undefined) => {
    if (value !== undefined && value !== '') found.push({ code, text, value });
  };
  add('it', (place) => `EXISTS (${inTeam(place)})`, filter.inTeam);
  add('nt', (place) => `NOT EXISTS (${inTeam(place)})`, filter.notInTeam);
  add('ic', (place) => `EXISTS (${inChannel(place)})`, filter.inChannel);
  add('nc', (place) => `NOT EXISTS (${inChannel(place)})`, filter.notInChannel);
  add('ro', (place) => `' ' || u.roles || ' ' LIKE '% ' || ${place} || ' %'`, filter.role && likeText(filter.role));
  if (filter.withoutTeam) {
    found.push({
      code: 'wt',
      text: () => 'NOT EXISTS (SELECT 1 FROM teammembers tm WHERE tm.userid = u.id AND tm.deleteat = 0)',
    });
  }
  if (filter.activity === 'active') found.push({ code: 'ac', text: () => 'u.deleteat = 0' });
  if (filter.activity === 'inactive') found.push({ code: 'ia', text: () => 'u.deleteat > 0' });
  return found;
}

/** In the order of users_username_key, so that a page of many is not sorted first. */
const byName = (sql: SqlVocabulary): string => sql.byLower('u.username');

/** A page of users by name; `newestFirst` by the time they signed up. */
export function listQuery(filter: UserFilter, newestFirst: boolean, limit: number, offset: number): BuiltQuery {
  const conditions = conditionsOf(filter);
  const where = whereOf(conditions, 3);
  // One direction for both: the id is the end of each index on MySQL.
  const order = (sql: SqlVocabulary): string => (newestFirst ? 'u.createat DESC, u.id DESC' : byName(sql));
  return {
    statement: statementOnce(
      `users.list.${newestFirst ? 'new' : 'name'}.${codeOf(conditions)}`,
      (sql) => `SELECT ${userColumns} FROM users u ${where} ORDER BY ${order(sql)} LIMIT $1 OFFSET $2`,
    ),
    values: [limit, offset, ...valuesOf(conditions)],
  };
}

/** How many words of a search count; more narrow nothing down. */
const WORDS_MAX = 4;

/** The beginnings of names in a search for users. */
export const namesIn = (term: string): string[] =>
  term
    .split(/\s+/)
    .map((word) => word.replace(/^@/, ''))
    .filter(Boolean)
    .slice(0, WORDS_MAX);

/** Users of whom each word of `term` begins a name; also the e-mail address, when `byEmail`. */
export function searchQuery(filter: UserFilter, term: string, byEmail: boolean, limit: number): BuiltQuery {
  const words = namesIn(term);
  const columns = ['u.username', 'u.nickname', 'u.firstname', 'u.lastname', ...(byEmail ? ['u.email'] : [])];
  const conditions = conditionsOf(filter);
  const build = (sql: SqlVocabulary) => {
    const begins = words.map((_, i) => `(${columns.map((c) => sql.startsWith(c, `$${i + 2}`)).join(' OR ')})`);
    const where = whereOf(conditions, words.length + 2, begins);
    // Not by the index of names: those that begin with the word may all be at its end.
    return `SELECT ${userColumns} FROM users u ${where} ORDER BY u.username LIMIT $1`;
  };
  return {
    statement: statementOnce(`users.search.${words.length}${byEmail ? 'e' : ''}.${codeOf(conditions)}`, build),
    values: [limit, ...words.map(likeText), ...valuesOf(conditions)],
  };
}

function whereOf(conditions: readonly Condition[], firstPlace: number, others: readonly string[] = []): string {
  let place = firstPlace;
  const texts = conditions.map((c) => c.text(c.value === undefined ? '' : `$${place++}`));
  const all = [...others, ...texts];
  return all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`;
}
