import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import {
  createEmojiRequest,
  type CreateEmojiRequest,
  type Emoji,
  emojiNamesRequest,
  emojiSearchRequest,
  limits,
} from '../../../contract/index.ts';
import type { Caller, EmojiService, Extensions } from '../../services/index.ts';
import {
  announcedBytes,
  Download,
  invalidBodyParam,
  invalidUrlParam,
  isForm,
  limitsOf,
  readForm,
  type RouteInput,
  type RouteSpec,
  route,
  throwAway,
} from '../http/index.ts';

/** Emoji that people have made. */
export function createEmojiRoutes({ emoji }: Pick<Extensions, 'emoji'>): RouteSpec[] {
  return [...changeRoutes(emoji), ...findRoutes(emoji)];
}

function changeRoutes(emoji: EmojiService): RouteSpec[] {
  return [
    route({ method: 'post', path: '/emoji', access: 'session' }, async ({ caller, incoming }) => {
      try {
        return await receive(emoji, caller, incoming);
      } finally {
        throwAway(incoming);
      }
    }),
    route({ method: 'delete', path: '/emoji/:emoji_id', access: 'session' }, ({ caller, params }) =>
      emoji.delete(caller, params.emoji_id),
    ),
  ];
}

function findRoutes(emoji: EmojiService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/emoji', access: 'session' }, ({ caller, query }) => {
      const sort = query.get('sort') ?? '';
      if (sort !== '' && sort !== 'name') throw invalidUrlParam('sort');
      return emoji.list(caller, { ...limitsOf(query), byName: sort === 'name' });
    }),
    route({ method: 'get', path: '/emoji/:emoji_id', access: 'session' }, ({ caller, params }) =>
      emoji.get(caller, params.emoji_id),
    ),
    route({ method: 'get', path: '/emoji/name/:emoji_name', access: 'session' }, ({ caller, params }) =>
      emoji.byName(caller, params.emoji_name),
    ),
    route({ method: 'post', path: '/emoji/names', access: 'session', body: emojiNamesRequest }, ({ caller, body }) =>
      emoji.byNames(caller, body),
    ),
    route({ method: 'post', path: '/emoji/search', access: 'session', body: emojiSearchRequest }, ({ body }) =>
      emoji.search(body.term, body.prefix_only),
    ),
    route({ method: 'get', path: '/emoji/autocomplete', access: 'session' }, ({ query }) => {
      const name = (query.get('name') ?? '').trim();
      if (name === '' || name.length > limits.emojiNameMax) throw invalidUrlParam('name');
      return emoji.search(name, true);
    }),
    route({ method: 'get', path: '/emoji/:emoji_id/image', access: 'session' }, async ({ caller, params }) => {
      const { size, createAt, open } = await emoji.image(caller, params.emoji_id);
      // Another picture is another emoji, so it may be kept for long.
      return new Download({
        contentType: 'image/webp',
        size,
        etag: params.emoji_id,
        modifiedAt: createAt,
        cache: 'private, max-age=2592000',
        save: false,
        open,
      });
    }),
  ];
}

const FORM_OVERHEAD = 65_536;

/** A form with the field `emoji` and the file `image`, in any order. */
async function receive(
  emoji: EmojiService,
  caller: Caller,
  incoming: RouteInput<undefined>['incoming'],
): Promise<Emoji> {
  emoji.checkUpload(caller, announcedBytes(incoming) - FORM_OVERHEAD);
  if (!isForm(incoming)) throw invalidBodyParam('image');
  let text = '';
  let taken = false;
  let picture: Buffer | undefined;
  await readForm(incoming, {
    field(name, value) {
      if (name === 'emoji') text = value;
    },
    async file(name, _filename, bytes) {
      if (name !== 'image' || taken) throw invalidBodyParam('image');
      taken = true;
      picture = await bounded(emoji, bytes);
    },
  });
  const request = requestOf(text);
  if (picture === undefined) throw invalidBodyParam('image');
  return emoji.create(caller, request, picture);
}

/** Few enough bytes to be held in memory: the name may stand behind them in the form. */
async function bounded(emoji: EmojiService, bytes: Readable): Promise<Buffer> {
  let size = 0;
  bytes.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size > limits.emojiBytesMax) bytes.destroy(emoji.tooLarge());
  });
  return buffer(bytes);
}

function requestOf(text: string): CreateEmojiRequest {
  const checked = createEmojiRequest.safeParse(parsed(text));
  if (checked.success) return checked.data;
  throw invalidBodyParam(checked.error.issues[0]?.path.join('.') || 'emoji');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
