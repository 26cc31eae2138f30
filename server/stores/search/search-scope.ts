import {
  type SearchQuestion,
  type SearchTerm,
  type SqlValue,
  type SqlVocabulary,
  wordsOf,
} from '../../database/index.ts';

/** A word or a phrase that is looked for, or that must not be there. */
export interface SearchText {
  /** As it was typed, without quotes; may hold several words, which stand beside each other then. */
  readonly text: string;
  /** `word*`: the last word goes on. */
  readonly prefix: boolean;
  readonly wanted: boolean;
  /** Asked for with `#`, and looked for among the hashtags of a post. */
  readonly hashtag: boolean;
}

/** Only these, when there are any; in any case none of those. */
export interface Choice {
  readonly wanted: readonly string[];
  readonly unwanted: readonly string[];
}

/** Milliseconds since 1970; `until` is not part of it. */
export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

/** Where somebody looks, and what for. Only channels that the user is a member of are looked at. */
export interface SearchScope {
  readonly userId: string;
  /** Channels of this team, and direct and group ones; empty = of all teams. */
  readonly teamId: string;
  /** Also in archived channels. */
  readonly archived: boolean;
  readonly texts: readonly SearchText[];
  /** Any of the wanted texts will do. */
  readonly any: boolean;
  /** Ids of channels. */
  readonly channels: Choice;
  /** Ids of users. */
  readonly authors: Choice;
  readonly within: TimeRange;
  readonly notWithin: readonly TimeRange[];
  readonly offset: number;
  readonly limit: number;
}

/** The words of the texts; what has none asks for nothing. A hashtag that must not be there may be there as a word. */
export function questionOf({ texts, any }: Pick<SearchScope, 'texts' | 'any'>): SearchQuestion {
  const terms = texts
    .filter(({ hashtag, wanted }) => wanted || !hashtag)
    .map(({ text, prefix, wanted }): SearchTerm => ({ words: wordsOf(text), prefix, wanted }));
  return { terms: terms.filter(({ words }) => words.length > 0), any };
}

/** Whether anything is asked for at all. */
export function asksForSomething(scope: SearchScope, question: SearchQuestion): boolean {
  const { from, until } = scope.within;
  if (from > 0 || until < Number.MAX_SAFE_INTEGER || scope.notWithin.length > 0) return true;
  return question.terms.length > 0 || isGiven(scope.channels) || isGiven(scope.authors);
}

export const isGiven = ({ wanted, unwanted }: Choice): boolean => wanted.length + unwanted.length > 0;

/** A list of ids or names for `isOneOf` and `isNoneOf`. */
export const listOf = (ids: readonly string[]): string => JSON.stringify(ids.map((id) => ({ id })));

/** The empty list asks for nothing. The comparison comes first: it tells PostgreSQL that the parameter is a text. */
export const isOneOf = (sql: SqlVocabulary, column: string, place: string): string =>
  `(${place} = '[]' OR ${column} IN (SELECT r.id FROM ${sql.rows(place, { id: 'key' }, 'r')}))`;
export const isNoneOf = (sql: SqlVocabulary, column: string, place: string): string =>
  `(${place} = '[]' OR ${column} NOT IN (SELECT r.id FROM ${sql.rows(place, { id: 'key' }, 'r')}))`;

/** The channels that are looked at, out of `channelmembers m` and `channels c`. Uses ix_channelmembers_userid. $1 to $5. */
export const visible = (sql: SqlVocabulary): string => `
  FROM channelmembers m JOIN channels c ON c.id = m.channelid
  WHERE m.userid = $1 AND ($2 = '' OR c.teamid IN ($2, '')) AND (c.deleteat = 0 OR $3)
    AND ${isOneOf(sql, 'c.id', '$4')} AND ${isNoneOf(sql, 'c.id', '$5')}`;

/** The values of `visible`. */
export const visibleValues = (scope: SearchScope): SqlValue[] => [
  scope.userId,
  scope.teamId,
  scope.archived,
  listOf(scope.channels.wanted),
  listOf(scope.channels.unwanted),
];

/** The column is a time that is wanted. $6 to $8. */
export const inTime = (sql: SqlVocabulary, column: string): string => `
  ${column} >= $6 AND ${column} < $7 AND ($8 = '[]' OR NOT EXISTS (
    SELECT 1 FROM ${sql.rows('$8', { since: 'bigint', until: 'bigint' }, 'd')}
    WHERE ${column} >= d.since AND ${column} < d.until))`;

/** The values of `inTime`. */
export const timeValues = ({ within, notWithin }: SearchScope): SqlValue[] => [
  within.from,
  within.until,
  JSON.stringify(notWithin.map(({ from, until }) => ({ since: from, until }))),
];
