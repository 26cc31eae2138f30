import { bind, type Causality, type Database, type Row, statement } from '../../database/index.ts';

/** Where a draft is: a user has at most one in a channel, and in each thread. */
export interface DraftPlace {
  readonly userId: string;
  readonly channelId: string;
  /** The thread's first post, or empty. */
  readonly rootId: string;
}

/** What a draft says. */
export interface DraftContent {
  readonly type: string;
  readonly message: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly fileIds: readonly string[];
  readonly priority: Readonly<Record<string, unknown>>;
}

export interface StoredDraft extends DraftPlace, DraftContent {
  readonly createAt: number;
  readonly updateAt: number;
}

export interface DraftStore {
  /** Keeps a draft in the place of the one that was there. */
  save(causality: Causality, draft: DraftPlace & DraftContent & { at: number }): Promise<StoredDraft>;
  /** Those in channels of a team and in direct ones that the user is in, newest first. */
  ofTeam(causality: Causality, userId: string, teamId: string): Promise<StoredDraft[]>;
  /** Returns what was removed; undefined when there was none. */
  remove(causality: Causality, place: DraftPlace): Promise<StoredDraft | undefined>;
}

const columns = `d.userid, d.channelid, d.rootid, d.createat, d.updateat, d.type, d.message, d.props, d.fileids, d.priority`;

/** $1 user, $2 channel, $3 root, $4 time, then type, message, props, files, priority. */
const SAVE = statement(
  'drafts.save',
  (sql) => `
  INSERT INTO drafts (userid, channelid, rootid, createat, updateat, type, message, props, fileids, priority)
  VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)
  ${sql.orUpdate(['userid', 'channelid', 'rootid'], ['updateat', 'type', 'message', 'props', 'fileids', 'priority'])}`,
);

/** $1 user, $2 channel, $3 root. */
const ONE = statement(
  'drafts.one',
  `SELECT ${columns} FROM drafts d WHERE d.userid = $1 AND d.channelid = $2 AND d.rootid = $3`,
);
/** The same values. */
const REMOVE = statement('drafts.remove', 'DELETE FROM drafts WHERE userid = $1 AND channelid = $2 AND rootid = $3');

/** By the first part of the key. $1 user, $2 team. */
const OF_TEAM = statement(
  'drafts.of_team',
  `SELECT ${columns} FROM drafts d
   JOIN channels c ON c.id = d.channelid AND (c.teamid = $2 OR c.teamid = '')
   JOIN channelmembers m ON m.channelid = d.channelid AND m.userid = d.userid
   WHERE d.userid = $1 ORDER BY d.updateat DESC, d.channelid, d.rootid`,
);

interface DraftRow extends Row {
  readonly userid: string;
  readonly channelid: string;
  readonly rootid: string;
  readonly createat: number;
  readonly updateat: number;
  readonly type: string;
  readonly message: string;
  /** JSON texts, as are the next two. */
  readonly props: string;
  readonly fileids: string;
  readonly priority: string;
}

const repeatable = { onUnknown: 'repeatable' } as const;

export function createDraftStore(database: Database): DraftStore {
  return {
    async save(causality, { userId, channelId, rootId, at, ...content }) {
      const { type, message, props, fileIds, priority } = content;
      const texts = [type, message, JSON.stringify(props), JSON.stringify(fileIds), JSON.stringify(priority)];
      const answers = await database.writeAll(
        causality,
        [bind(SAVE, userId, channelId, rootId, at, ...texts), bind(ONE, userId, channelId, rootId)],
        repeatable,
      );
      return toDraft((answers.at(-1) as DraftRow[])[0] as DraftRow);
    },
    async ofTeam(causality, userId, teamId) {
      return (await database.read<DraftRow>(causality, OF_TEAM, userId, teamId)).map(toDraft);
    },
    async remove(causality, { userId, channelId, rootId }) {
      const place = [userId, channelId, rootId] as const;
      const [rows] = await database.writeAll(causality, [bind(ONE, ...place), bind(REMOVE, ...place)], repeatable);
      const [row] = (rows ?? []) as DraftRow[];
      return row && toDraft(row);
    },
  };
}

function toDraft(row: DraftRow): StoredDraft {
  return {
    userId: row.userid,
    channelId: row.channelid,
    rootId: row.rootid,
    createAt: row.createat,
    updateAt: row.updateat,
    type: row.type,
    message: row.message,
    props: JSON.parse(row.props) as Record<string, unknown>,
    fileIds: JSON.parse(row.fileids) as string[],
    priority: JSON.parse(row.priority) as Record<string, unknown>,
  };
}
