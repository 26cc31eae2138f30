import {
  type Database,
  searchParameter,
  type SqlValue,
  type SqlVocabulary,
  type Statement,
  statement,
} from '../../database/index.ts';
import {
  asksForSomething,
  type Choice,
  inTime,
  isGiven,
  isNoneOf,
  isOneOf,
  listOf,
  questionOf,
  type SearchScope,
  timeValues,
  visible,
  visibleValues,
} from '../search/index.ts';
import { fileColumns, type FileRow, type StoredFile, toFile } from './file-row.ts';

export interface FileSearchScope extends SearchScope {
  /** In lower case, without the dot. */
  readonly extensions: Choice;
}

export interface FileSearch {
  /** The files of posts that the user may read whose names have what is asked for, newest first. It may lag. */
  search(scope: FileSearchScope): Promise<StoredFile[]>;
}

/**
 * $1 to $5 the channels, $6 to $8 the time, $9 and $10 those who uploaded, $11 and $12 extensions, $13 limit, $14 offset, $15 the
 * question. Uses ft_fileinfo_name.
 */
const found = (name: string, words: (sql: SqlVocabulary) => string): Statement =>
  statement(
    name,
    (sql) => `SELECT ${fileColumns} FROM fileinfo f
    WHERE f.postid <> '' AND f.deleteat = 0 AND ${inTime(sql, 'f.createat')}
      AND ${isNoneOf(sql, 'f.creatorid', '$9')} AND ${isOneOf(sql, 'f.creatorid', '$10')}
      AND ${isNoneOf(sql, 'f.extension', '$11')} AND ${isOneOf(sql, 'f.extension', '$12')}
      AND f.channelid IN (SELECT m.channelid ${visible(sql)}) ${words(sql)}
    ORDER BY f.createat DESC, f.id DESC LIMIT $13 OFFSET $14`,
  );

const BY_WORDS = found(
  'files.search_words',
  (sql) => `AND ${sql.hasWords('f.name', '$15')} AND ${sql.answers('f.name', '$15')}`,
);
/** Where no word has to be there. */
const WITHOUT_WORDS = found('files.search_all', () => '');
const WITHOUT_SOME = found('files.search_without', (sql) => `AND ${sql.answers('f.name', '$15')}`);

export function createFileSearch(database: Pick<Database, 'readStale'>): FileSearch {
  return {
    async search(scope) {
      const question = questionOf(scope);
      if (!asksForSomething(scope, question) && !isGiven(scope.extensions)) return [];
      const values = valuesOf(scope);
      if (question.terms.length === 0) return filesOf(await database.readStale(WITHOUT_WORDS, ...values));
      const words = question.terms.some((term) => term.wanted) ? BY_WORDS : WITHOUT_SOME;
      return filesOf(await database.readStale(words, ...values, searchParameter(question)));
    },
  };
}

const filesOf = (rows: readonly FileRow[]): StoredFile[] => rows.map(toFile);

const valuesOf = (scope: FileSearchScope): SqlValue[] => [
  ...visibleValues(scope),
  ...timeValues(scope),
  listOf(scope.authors.unwanted),
  listOf(scope.authors.wanted),
  listOf(scope.extensions.unwanted),
  listOf(scope.extensions.wanted),
  scope.limit,
  scope.offset,
];
