export interface OnePostShape {
  readonly reply: boolean;
  readonly mentions: boolean;
}

export interface BatchShape {
  readonly replies: boolean;
  readonly mentions: boolean;
  readonly files: boolean;
}

export const inputColumns = {
  id: 'key',
  createat: 'bigint',
  userid: 'key',
  channelid: 'key',
  rootid: 'key',
  pendingpostid: 'text',
  type: 'text',
  message: 'text',
  props: 'text',
  hashtags: 'text',
  fileids: 'text',
  counted: 'bigint',
  marksread: 'boolean',
  membersonly: 'boolean',
  everyone: 'boolean',
} as const;

/** What posts with files have on top of that. `filecount` is how many files a post wants. */
export const fileColumns = { files: 'text', filecount: 'bigint' } as const;

/** The list of the wanted files; ordered by their ids, because they are locked in its order. */
export const wantedFileColumns = { fileid: 'key', postid: 'key' } as const;

/** Where each list of a batch stands among the values; those that the shape does not have are not sent. */
export function batchParameters(shape: BatchShape): { mentions: string; files: string; follows: string } {
  const files = shape.mentions ? 3 : 2;
  return { mentions: '$2', files: `$${files}`, follows: `$${files + (shape.files ? 1 : 0)}` };
}

/** A file that `i`, a post of the batch, may take. */
export const attachable = `f.creatorid = i.userid AND f.channelid = i.channelid AND f.postid = '' AND f.deleteat = 0
  AND f.size >= 0`;

/** In larger channels `@channel` mentions nobody, as Mattermost's MaxNotificationsPerChannel. */
const EVERYONE_LIMIT = 1_000;

export const insertColumns =
  'id, createat, updateat, userid, channelid, rootid, pendingpostid, type, message, props, hashtags, fileids';

/** Whether the member `m` hears `@channel` in the channel. The props are our own JSON text, printed without spaces. */
export function everyoneIn(channelId: string): string {
  return `position('"ignore_channel_mentions":"on"' IN m.notifyprops) = 0
      AND (SELECT count(*) FROM channelmembers n WHERE n.channelid = ${channelId}) <= ${EVERYONE_LIMIT}`;
}

/** How a reply is refused whose root is no root in its channel. */
export function rootOf(shape: BatchShape): { readonly refusal: string; readonly join: string } {
  if (!shape.replies) return { refusal: '', join: '' };
  return {
    refusal: `WHEN i.rootid <> '' AND r.id IS NULL THEN 'root'`,
    join: `LEFT JOIN posts r ON r.id = i.rootid AND r.channelid = i.channelid AND r.rootid = '' AND r.deleteat = 0`,
  };
}
