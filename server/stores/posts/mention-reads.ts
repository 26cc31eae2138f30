import { uncountedTypes } from '../../../contract/index.ts';
import { type Causality, type Database, type Row, type SqlVocabulary, statement } from '../../database/index.ts';

/** What the rules of mentions know of a user. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly isBot: boolean;
  readonly notifyProps: Readonly<Record<string, string>>;
}

export interface ContextQuery {
  readonly userIds: readonly string[];
  readonly usernames: readonly string[];
  /** The thread's root, or empty. */
  readonly rootId: string;
}

/** What a post needs to know that is not in it. */
export interface PostContext {
  /** Those asked for by id or by name who exist and are active. */
  readonly people: readonly Person[];
  /** The author of the root, and all who have written in the thread. */
  readonly thread: {
    readonly author: Person | undefined;
    readonly participants: readonly Person[];
    /** What the root says. */
    readonly message: string;
  };
}

/** What counting a channel anew needs of its posts. */
export interface CountedPost extends Row {
  readonly id: string;
  readonly userid: string;
  readonly rootid: string;
  readonly message: string;
}

export interface MentionReads {
  /** Everything that one post needs, in one query: for the moment when no cache has it. */
  context(causality: Causality, query: ContextQuery): Promise<PostContext>;
  /** The posts of a channel that count as messages, from a time on, oldest first. */
  countedFrom(causality: Causality, channelId: string, createAt: number): Promise<CountedPost[]>;
}

interface ContextRow extends Row {
  readonly kind: 'person' | 'author' | 'participant';
  readonly id: string;
  readonly username: string;
  /** MariaDB makes a number of it in a UNION. */
  readonly isbot: boolean | number;
  readonly notifyprops: string;
  /** Of the root, with its author. */
  readonly message: string;
}

const person = `u.id, u.username, u.isbot, u.notifyprops, '' AS message FROM`;

/** $1 JSON list of `{id}`, $2 JSON list of `{username}` in lower case, $3 root. */
const CONTEXT = statement('posts.context', contextText);

function contextText(sql: SqlVocabulary): string {
  return `
  SELECT 'person' AS kind, ${person} ${sql.rows('$1', { id: 'text' }, 'i')} JOIN users u ON u.id = i.id
  UNION ALL
  SELECT 'person', ${person} ${sql.rows('$2', { username: 'text' }, 'i')}
  JOIN users u ON ${sql.lower('u.username')} = i.username AND u.deleteat = 0
  UNION ALL
  SELECT 'author', u.id, u.username, u.isbot, u.notifyprops, p.message FROM posts p JOIN users u ON u.id = p.userid WHERE p.id = $3
  UNION ALL
  SELECT DISTINCT 'participant', ${person} posts p JOIN users u ON u.id = p.userid
  WHERE p.rootid = $3 AND p.rootid <> '' AND p.deleteat = 0`;
}

const uncountedList = [...uncountedTypes].map((type) => `'${type}'`).join(', ');

/** Uses ix_posts_page. $1 channel, $2 time. */
const COUNTED_FROM = statement(
  'posts.counted_from',
  `SELECT id, userid, rootid, message FROM posts
   WHERE channelid = $1 AND deleteat = 0 AND createat >= $2 AND type NOT IN (${uncountedList})
   ORDER BY createat, id`,
);

export function createMentionReads(database: Database): MentionReads {
  return {
    async context(causality, query) {
      const rows = await database.read<ContextRow>(
        causality,
        CONTEXT,
        JSON.stringify(query.userIds.map((id) => ({ id }))),
        JSON.stringify(query.usernames.map((username) => ({ username }))),
        query.rootId,
      );
      return {
        people: peopleOf(rows, 'person'),
        thread: {
          author: peopleOf(rows, 'author')[0],
          participants: peopleOf(rows, 'participant'),
          message: rows.find((row) => row.kind === 'author')?.message ?? '',
        },
      };
    },
    countedFrom: (causality, channelId, createAt) =>
      database.read<CountedPost>(causality, COUNTED_FROM, channelId, createAt),
  };
}

function peopleOf(rows: readonly ContextRow[], kind: ContextRow['kind']): Person[] {
  return rows
    .filter((row) => row.kind === kind)
    .map((row) => ({
      id: row.id,
      username: row.username,
      isBot: Boolean(row.isbot),
      notifyProps: JSON.parse(row.notifyprops) as Record<string, string>,
    }));
}
