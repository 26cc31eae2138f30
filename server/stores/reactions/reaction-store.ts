import type { Reaction } from '../../../contract/index.ts';
import { bind, type Causality, type Database, type Row, statement } from '../../database/index.ts';

export interface ReactionPlace {
  readonly postId: string;
  readonly userId: string;
  readonly emojiName: string;
  readonly at: number;
}

export interface ReactionStore {
  /**
   * Adds a reaction to a post that is not deleted, in a channel that is not archived; one that is there already stays.
   * Returns the stored one, or undefined when the post cannot be reacted to. `isNew` is false for one that was there.
   */
  add(causality: Causality, place: ReactionPlace): Promise<{ reaction: Reaction; isNew: boolean } | undefined>;
  /** Removes it; false when there was none. */
  remove(causality: Causality, place: ReactionPlace): Promise<boolean>;
  ofPost(causality: Causality, postId: string): Promise<Reaction[]>;
  ofPosts(causality: Causality, postIds: readonly string[]): Promise<Record<string, Reaction[]>>;
}

interface ReactionRow extends Row {
  readonly postid: string;
  readonly userid: string;
  readonly emojiname: string;
  readonly channelid: string;
  readonly createat: number;
}

const ADD = statement(
  'reactions.add',
  (sql) => `
  INSERT INTO reactions (postid, userid, emojiname, channelid, createat)
  SELECT p.id, $2, $3, p.channelid, $4 FROM posts p JOIN channels c ON c.id = p.channelid AND c.deleteat = 0
  WHERE p.id = $1 AND p.deleteat = 0
  ${sql.orIgnore('reactions', ['postid', 'userid', 'emojiname'])}`,
);
const REMOVE = statement(
  'reactions.remove',
  'DELETE FROM reactions WHERE postid = $1 AND userid = $2 AND emojiname = $3',
);
/** The post counts as changed by a reaction that is there. $1 post, $2 user, $3 emoji, $4 time. */
const touchPost = (name: string, when: string) =>
  statement(
    name,
    (sql) => `
  UPDATE posts SET updateat = ${sql.greatest('updateat', '$4')}
  WHERE id = $1 AND deleteat = 0 AND EXISTS (
    SELECT 1 FROM reactions r WHERE r.postid = $1 AND r.userid = $2 AND r.emojiname = $3 AND ${when})`,
  );
/** One that was there before has changed nothing. */
const TOUCH_AFTER_ADDING = touchPost('reactions.touch_after_adding', 'r.createat = $4');
const TOUCH_BEFORE_REMOVING = touchPost('reactions.touch_before_removing', 'r.createat <= $4');
/** Absolute, so that it may be done twice. */
const MARK_POST = statement(
  'reactions.mark_post',
  'UPDATE posts SET hasreactions = EXISTS (SELECT 1 FROM reactions r WHERE r.postid = $1) WHERE id = $1',
);
const columns = 'r.postid, r.userid, r.emojiname, r.channelid, r.createat';
const ONE = statement(
  'reactions.one',
  `SELECT ${columns} FROM reactions r WHERE r.postid = $1 AND r.userid = $2 AND r.emojiname = $3`,
);
const OF_POSTS = statement(
  'reactions.of_posts',
  (sql) => `
  SELECT ${columns} FROM ${sql.rows('$1', { id: 'text' }, 'i')} JOIN reactions r ON r.postid = i.id
  ORDER BY r.createat, r.emojiname, r.userid`,
);

const repeatable = { onUnknown: 'repeatable' } as const;

export function createReactionStore(database: Database): ReactionStore {
  const ofPosts = async (causality: Causality, postIds: readonly string[]): Promise<Reaction[]> => {
    const ids = JSON.stringify(postIds.map((id) => ({ id })));
    return (await database.read<ReactionRow>(causality, OF_POSTS, ids)).map(reactionOf);
  };

  return {
    async add(causality, { postId, userId, emojiName, at }) {
      const answers = await database.writeAll(
        causality,
        [
          bind(ADD, postId, userId, emojiName, at),
          bind(TOUCH_AFTER_ADDING, postId, userId, emojiName, at),
          bind(MARK_POST, postId),
          bind(ONE, postId, userId, emojiName),
        ],
        repeatable,
      );
      const row = answers.at(-1)?.[0] as ReactionRow | undefined;
      // Whoever wrote it gave it its time.
      return row === undefined ? undefined : { reaction: reactionOf(row), isNew: row.createat === at };
    },
    async remove(causality, { postId, userId, emojiName, at }) {
      const answers = await database.writeAll(
        causality,
        [
          bind(ONE, postId, userId, emojiName),
          bind(TOUCH_BEFORE_REMOVING, postId, userId, emojiName, at),
          bind(REMOVE, postId, userId, emojiName),
          bind(MARK_POST, postId),
        ],
        repeatable,
      );
      return answers[0]?.length === 1;
    },
    ofPost: (causality, postId) => ofPosts(causality, [postId]),
    async ofPosts(causality, postIds) {
      const found: Record<string, Reaction[]> = {};
      for (const reaction of await ofPosts(causality, postIds)) {
        (found[reaction.post_id] ??= []).push(reaction);
      }
      return found;
    },
  };
}

function reactionOf(row: ReactionRow): Reaction {
  return {
    user_id: row.userid,
    post_id: row.postid,
    emoji_name: row.emojiname,
    create_at: row.createat,
    update_at: row.createat,
    delete_at: 0,
    channel_id: row.channelid,
  };
}
