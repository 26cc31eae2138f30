import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Channel, post as postSchema, postList } from '../../../contract/index.ts';
import {
  answers,
  type Database,
  type Row,
  type SqlValue,
  type Statement,
  statement,
  wordTextOf,
} from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createChannelStore } from '../channels/index.ts';
import { createReactionStore } from '../reactions/index.ts';
import { questionOf, type SearchScope, type SearchText } from '../search/index.ts';
import { type ChatFixture, createChatFixture, newPost, testCausality, type TestUser } from '../testing/chat-fixture.ts';
import { createPostSearch, createPostStore, type NewPost, type PostStore } from './index.ts';
import { SAMPLE, SAMPLE_TEXT } from './search-posts.sql.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let chat: ChatFixture;
let posts: PostStore;
let channel: Channel;
const causality = testCausality();
const END = Number.MAX_SAFE_INTEGER;

const everything = (more: Partial<SearchScope> = {}): SearchScope => ({
  userId: chat.ada.id,
  teamId: chat.team.id,
  archived: false,
  texts: [],
  any: false,
  channels: { wanted: [], unwanted: [] },
  authors: { wanted: [], unwanted: [] },
  within: { from: 0, until: END },
  notWithin: [],
  offset: 0,
  limit: 60,
  ...more,
});

/** `-word`, `word*`, `#tag`, `a phrase`. */
const textOf = (sign: string): SearchText => {
  const wanted = !sign.startsWith('-');
  const bare = wanted ? sign : sign.slice(1);
  const hashtag = bare.startsWith('#');
  return { text: hashtag ? bare.slice(1) : bare, prefix: bare.endsWith('*'), wanted, hashtag };
};
const texts = (...signs: string[]): Pick<SearchScope, 'texts'> => ({ texts: signs.map(textOf) });

async function say(message: string, more: Partial<NewPost> = {}): Promise<string> {
  const { id } = await posts
    .create(causality, newPost({ userId: chat.ada.id, channelId: channel.id, message, ...more }))
    .then((made) => ({ id: (JSON.parse((made as { json: string }).json) as { id: string }).id }));
  return id;
}

/** The order of what is found, by a search that has seen all posts that are there now. */
async function find(scope: SearchScope): Promise<string[]> {
  const found = JSON.parse(await createPostSearch(database).search(scope)) as unknown;
  const list = postList.parse(found);
  for (const each of Object.values(list.posts)) postSchema.parse(each);
  expect(Object.keys(list.posts).sort()).toEqual([...list.order].sort());
  return list.order;
}
/** The same in words: the messages, newest first. */
async function messages(...signs: string[]): Promise<string[]> {
  const list = postList.parse(JSON.parse(await createPostSearch(database).search(everything(texts(...signs)))));
  return list.order.map((id) => list.posts[id]?.message ?? '');
}

const SET_DELETED = statement('testing.set_channel_deleted', 'UPDATE channels SET deleteat = $2 WHERE id = $1');

/** What every engine's search of posts does. */
export function postSearchContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    chat = await createChatFixture(database);
    // No two posts at once, also not in two channels: their order would be anybody's.
    let time = Date.now();
    posts = createPostStore(database, { now: () => time++ });
  });
  describe('words', findsWords);
  describe('words of any text', agrees);
  describe('questions', asksForMany);
  describe('who and where', mindsWho);
  describe('what', mindsWhat);
  describe('plans', goesEveryWay);
  describe('many terms', takesManyTerms);
  describe('the sample', samplesLittle);
}

const lines = [
  'The quick BROWN fox, jumps over a lazy dog.',
  'To be or not to be: that is the question',
  'See https://example.com/docs/read-me_first.html or mail bob@example.org',
  'version 1.2.3-rc4 of b2b, 42 times',
  '東京都の会議資料を確認',
  'ประเทศไทย น้ำดื่ม',
  '회의를 시작합니다',
  'ÄRGER im Café, naïve Straße',
  'हिन्दी की किताब',
  'Привет МИР',
  "it's a test; don't! (really?) [yes] {no} <tag> a&b | c",
  '🦆 duck 👩‍👩‍👧 family',
] as const;
const line = (start: string): string => lines.find((each) => each.startsWith(start)) ?? '';

/** What is asked, and how the only line begins that is found. */
const askedOfLines: readonly (readonly [sign: string, start: string | undefined])[] = [
  ['fox', 'The quick'],
  ['BROWN', 'The quick'],
  ['jump*', 'The quick'],
  ['the quick brown', 'The quick'],
  ['or not to be', 'To be'],
  ['example.org', 'See'],
  ['read-me_first', 'See'],
  ['docs', 'See'],
  ['1.2.3', 'version'],
  ['b2b', 'version'],
  ['42', 'version'],
  ['東京', '東京'],
  ['会議資料', '東京'],
  ['認', '東京'],
  ['ไทย', 'ประเทศ'],
  ['น้ำ', 'ประเทศ'],
  ['회의', '회의'],
  ['ärger', 'ÄRGER'],
  ['café', 'ÄRGER'],
  ['STRASSE', undefined],
  ['किताब', 'हिन्दी'],
  ['мир', 'Привет'],
  ["don't", "it's"],
  ['a&b', "it's"],
  ['family', '🦆'],
  ['jump', undefined],
  ['quick fox', undefined],
  ['京東', undefined],
  ['arger', undefined],
  ['resume', undefined],
];

function findsWords(): void {
  beforeAll(async () => {
    channel = await chat.channel([chat.ada]);
    for (const each of lines) await say(each);
  });

  it.each(askedOfLines)('%s', async (sign, start) => {
    expect(await messages(sign)).toEqual(start === undefined ? [] : [line(start)]);
  });

  it('finds short words and stop words, and words with others however far apart', async () => {
    expect(await messages('a', 'dog')).toEqual([line('The quick')]);
    expect(await messages('that', 'is', 'the')).toEqual([line('To be')]);
    expect(await messages('dog', 'quick', 'over')).toEqual([line('The quick')]);
    expect(await messages('dog', 'question')).toEqual([]);
  });

  it('finds nothing for what has no words, and all of a text of the greatest length', async () => {
    for (const sign of ['', '*', '!!!', '🦆', "'", '"', '\\', '%', '_', '?']) {
      expect(await messages(sign), sign).toEqual([]);
    }
    const long = `${'word '.repeat(3_000)}needle ${'東'.repeat(1_000)}`;
    await say(long);
    expect(await messages('needle')).toEqual([long]);
    const wide = `${'x'.repeat(300)} beside`;
    await say(wide);
    expect(await messages(`${'x'.repeat(300)} beside`)).toEqual([wide]);
  });

  it('is not led astray by signs of a query language', async () => {
    const own = 'plain zebra';
    await say(own);
    for (const sign of [
      "zebra'",
      'zebra\\',
      '(zebra',
      '+zebra',
      '"zebra',
      'zebra:*',
      'zebra|',
      '~zebra',
      '@zebra',
      'zebra>',
    ]) {
      expect(await messages(sign), sign).toEqual([own]);
    }
  });
}

/** Two engines and the rule in memory agree on what a word is. */
function agrees(): void {
  it('finds what the question in memory finds, whatever the texts and questions are', async () => {
    const pieces = fc.constantFrom(
      ...[
        'a',
        'to',
        'The',
        'b2b',
        'x_y',
        '-',
        '. ',
        ' ',
        '  ',
        '東',
        '京',
        'น้ำ',
        '회의',
        'É',
        '1.5',
        '#tag',
        "'",
        '__',
        '\\',
        '🦆',
      ],
    );
    const text = fc.array(pieces, { minLength: 1, maxLength: 9 }).map((all) => all.join(''));
    const place = await chat.channel([chat.ada]);
    const corpus = new Map<string, string>();
    for (const each of fc.sample(text, { numRuns: 60, seed: 7 }).filter((message) => message.trim() !== '')) {
      corpus.set(await say(each, { channelId: place.id }), each);
    }
    const search = createPostSearch(database);
    const asked = fc.record({ text, prefix: fc.boolean(), wanted: fc.boolean() });
    const property = fc.asyncProperty(
      fc.array(asked, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (terms, any) => {
        const scope = everything({
          texts: terms.map((term) => ({ ...term, hashtag: false })),
          any,
          channels: { wanted: [place.id], unwanted: [] },
          limit: 200,
        });
        const question = questionOf(scope);
        const expected = [...corpus].filter(([, message]) => answers(question, wordTextOf(message))).map(([id]) => id);
        const { order } = postList.parse(JSON.parse(await search.search(scope)));
        expect(order.toSorted()).toEqual(expected.toSorted());
      },
    );
    await fc.assert(property, { numRuns: 120 });
  });
}

function asksForMany(): void {
  let all: Record<'ab' | 'a' | 'b' | 'c', string>;
  beforeAll(async () => {
    channel = await chat.channel([chat.ada]);
    all = {
      ab: await say('apple banana'),
      a: await say('apple pie'),
      b: await say('banana bread'),
      c: await say('cherry #Red-Fruit and #redder', { hashtags: '#Red-Fruit #redder' }),
    };
  });
  const asked = (signs: string[], more: Partial<SearchScope> = {}) =>
    find(everything({ ...texts(...signs), channels: { wanted: [channel.id], unwanted: [] }, ...more }));

  it('all or any, newest first, and without what is not wanted', async () => {
    expect(await asked(['apple', 'banana'])).toEqual([all.ab]);
    expect(await asked(['apple', 'banana'], { any: true })).toEqual([all.b, all.a, all.ab]);
    expect(await asked(['apple', '-pie'])).toEqual([all.ab]);
    expect(await asked(['apple', '-banana'])).toEqual([all.a]);
    expect(await asked(['apple pie', 'banana bread'], { any: true })).toEqual([all.b, all.a]);
    expect(await asked(['apple', 'banana', '-bread'], { any: true })).toEqual([all.a, all.ab]);
    expect(await asked(['-apple', '-cherry'])).toEqual([all.b]);
    expect(await asked(['apple', '-ap*'])).toEqual([]);
  });

  it('hashtags as they are, whatever their case', async () => {
    expect(await asked(['#red-fruit'])).toEqual([all.c]);
    expect(await asked(['#red*'])).toEqual([all.c]);
    expect(await asked(['#red'])).toEqual([]);
    expect(await asked(['#fruit'])).toEqual([]);
    expect(await asked(['cherry', '-#redder'])).toEqual([]);
    expect(await asked(['cherry', '-#cherry'])).toEqual([all.c]);
    expect(await asked(['#redder', 'apple'], { any: true })).toEqual([all.c, all.a, all.ab]);
  });

  it('page by page', async () => {
    const page = (offset: number) => asked(['apple', 'banana'], { any: true, offset, limit: 2 });
    expect([await page(0), await page(2), await page(4)]).toEqual([[all.b, all.a], [all.ab], []]);
  });

  it('nothing, when nothing is asked for', async () => {
    expect(await find(everything())).toEqual([]);
    expect(await find(everything(texts('...')))).toEqual([]);
  });
}

function mindsWho(): void {
  const word = `unicorn`;
  let eve: TestUser;
  beforeAll(async () => {
    eve = await chat.user('eve');
    channel = await chat.channel([chat.ada, chat.bob]);
  });
  const asked = (more: Partial<SearchScope> = {}) => find(everything({ ...texts(word), ...more }));

  it('shows only channels of the user, also direct ones, of the team or of all teams', async () => {
    const mine = await say(word);
    const direct = await chat.channel([chat.ada, eve], 'D');
    const whispered = await say(word, { channelId: direct.id, userId: eve.id });
    const secret = await chat.channel([chat.bob], 'P');
    const hidden = await say(word, { channelId: secret.id, userId: chat.bob.id });
    const open = await chat.channel([chat.bob]);
    const notJoined = await say(word, { channelId: open.id, userId: chat.bob.id });
    expect(await asked()).toEqual([whispered, mine]);
    expect(await asked({ teamId: '' })).toEqual([whispered, mine]);
    expect(await asked({ teamId: newId() })).toEqual([whispered]);
    expect(await asked({ userId: chat.bob.id })).toEqual([notJoined, hidden, mine]);
    expect(await asked({ userId: newId() })).toEqual([]);
    const archive = async (at: number) => {
      await database.write(causality, { statement: SET_DELETED, values: [secret.id, at] });
    };
    await archive(5);
    expect(await asked({ userId: chat.bob.id })).toEqual([notJoined, mine]);
    expect(await asked({ userId: chat.bob.id, archived: true })).toEqual([notJoined, hidden, mine]);
    await archive(0);
    const channels = createChannelStore(database);
    expect(await channels.byName(causality, chat.team.id, 'town-square')).toBeDefined();
  });

  it('chooses by author, channel and time, with words and without', async () => {
    channel = await chat.channel([chat.ada, chat.bob]);
    const other = await chat.channel([chat.ada, chat.bob]);
    const here = await say(`${word} one`);
    const there = await say(`${word} two`, { channelId: other.id, userId: chat.bob.id });
    const times = postList.parse(JSON.parse(await createPostSearch(database).search(everything(texts(word))))).posts;
    const at = (id: string): number => times[id]?.create_at ?? 0;
    const both = { wanted: [channel.id, other.id], unwanted: [] };
    for (const words of [texts(word), texts()]) {
      const chosen = (more: Partial<SearchScope>) => find(everything({ ...words, channels: both, ...more }));
      expect(await chosen({})).toEqual([there, here]);
      expect(await chosen({ authors: { wanted: [chat.bob.id], unwanted: [] } })).toEqual([there]);
      expect(await chosen({ authors: { wanted: [chat.bob.id, chat.ada.id], unwanted: [] } })).toEqual([there, here]);
      expect(await chosen({ authors: { wanted: [], unwanted: [chat.bob.id] } })).toEqual([here]);
      expect(await chosen({ channels: { wanted: [other.id], unwanted: [] } })).toEqual([there]);
      expect(await chosen({ channels: { ...both, unwanted: [other.id] } })).toEqual([here]);
      expect(await chosen({ within: { from: at(there), until: END } })).toEqual([there]);
      expect(await chosen({ within: { from: 0, until: at(there) } })).toEqual([here]);
      expect(await chosen({ notWithin: [{ from: at(there), until: at(there) + 1 }] })).toEqual([here]);
    }
  });
}

function mindsWhat(): void {
  it('passes over system messages, deleted posts and what a post said before', async () => {
    channel = await chat.channel([chat.ada]);
    await say('joined gryphon', { type: 'system_join_channel' });
    const deleted = await say('gone gryphon');
    await posts.delete(causality, { id: deleted, channelId: channel.id, rootId: '' });
    const edited = await say('first gryphon');
    await posts.patch(
      causality,
      { id: edited, channelId: channel.id },
      { message: 'then griffin', historyId: newId() },
    );
    const kept = await say('gryphon, a reply', { rootId: edited });
    expect(await find(everything(texts('gryphon')))).toEqual([kept]);
    expect(await find(everything(texts('griffin')))).toEqual([edited]);
    const here = { wanted: [channel.id], unwanted: [] };
    expect(await find(everything({ channels: here }))).toEqual([kept, edited]);
  });

  it('shows what hangs on the posts', async () => {
    channel = await chat.channel([chat.ada]);
    const id = await say('phoenix');
    const reactions = createReactionStore(database);
    await reactions.add(causality, { userId: chat.ada.id, postId: id, emojiName: 'fire', at: 7 });
    const list = postList.parse(JSON.parse(await createPostSearch(database).search(everything(texts('phoenix')))));
    expect(list.posts[id]?.metadata.reactions).toMatchObject([{ emoji_name: 'fire' }]);
  });
}

/** As many terms as there is room for in a request. */
function takesManyTerms(): void {
  it('finds a post by all of its words, by any of them, and not by what it must not have', async () => {
    channel = await chat.channel([chat.ada]);
    const words = Array.from({ length: 340 }, (_, n) => n.toString(36).padStart(2, '0'));
    const id = await say(words.join(' '));
    const other = await say(words.slice(1).join(' '));
    const here = { channels: { wanted: [channel.id], unwanted: [] } };
    expect(await find({ ...everything(texts(...words)), ...here })).toEqual([id]);
    expect(await find({ ...everything(texts(...words)), ...here, any: true })).toEqual([other, id]);
    const without = words.map((word) => `-${word}x`);
    expect(await find({ ...everything(texts('0a', ...without)), ...here })).toEqual([other, id]);
    expect(await find({ ...everything(texts('0a', ...without, '-00')), ...here })).toEqual([other]);
  });
}

/** While the sample is looked through, nothing else goes on. */
function samplesLittle(): void {
  it('samples no more than the beginning of a post', async () => {
    channel = await chat.channel([chat.ada]);
    await say('long '.repeat(1_000));
    const sampled: number[] = [];
    const watched: Pick<Database, 'readStale'> = {
      async readStale<R extends Row>(wanted: Statement, ...values: SqlValue[]): Promise<R[]> {
        const rows = await database.readStale<R>(wanted, ...values);
        if (wanted.name === SAMPLE.name) sampled.push(...rows.map((row) => String(row['message']).length));
        return rows;
      },
    };
    await createPostSearch(watched).search(everything(texts('long')));
    expect(Math.max(...sampled)).toBe(SAMPLE_TEXT);
  });
}

/** Whatever the plan is, the answer is the same: the same search with samples that lead each way. */
function goesEveryWay(): void {
  it('finds the same by index, by time and by channels', async () => {
    channel = await chat.channel([chat.ada]);
    const ids: string[] = [];
    for (let n = 0; n < 12; n++)
      ids.push(await say(n % 3 === 0 ? `common rare${n} phrase here` : `common phrase there`));
    const newest = ids.toReversed();
    const wanted = { wanted: [channel.id], unwanted: [] };
    const ask = (...signs: string[]) => everything({ ...texts(...signs), channels: wanted });
    const asked = new Set<string>();
    for (const [all, mine] of [
      [0, 0],
      [10_000_000, 10_000_000],
      [10_000_000, 1],
      [50_000, 50_000],
    ] as const) {
      const search = createPostSearch(pretendingTo(all, mine, asked));
      const order = async (scope: SearchScope) => postList.parse(JSON.parse(await search.search(scope))).order;
      expect(await order(ask('common'))).toEqual(newest);
      expect(await order(ask('common', 'phrase there'))).toEqual(newest.filter((id) => ids.indexOf(id) % 3 !== 0));
      expect(await order(ask('rare3', 'common'))).toEqual([ids[3]]);
      expect(await order(ask('phrase here', '-rare3'))).toEqual([ids[9], ids[6], ids[0]]);
      expect(await order({ ...ask('common'), channels: { wanted: [], unwanted: [] }, limit: 3 })).toEqual(
        newest.slice(0, 3),
      );
      expect(await order({ ...ask('common'), authors: { wanted: [chat.ada.id], unwanted: [] } })).toEqual(newest);
      expect(await order({ ...ask(), authors: { wanted: [chat.ada.id], unwanted: [] } })).toEqual(newest);
    }
    const ways = ['index', 'channels', 'time', 'time500', 'time4000', 'time16000', 'time64000'].map(
      (way) => `posts.search_${way}`,
    );
    expect([...asked]).toEqual(expect.arrayContaining(ways));
  });
}

/** The database, which says that it has so many posts; `asked` takes down the names of the statements. */
function pretendingTo(all: number, visible: number, asked: Set<string>): Pick<Database, 'readStale'> {
  const counts: Readonly<Record<string, number>> = { 'posts.search_all': all, 'posts.search_visible': visible };
  return {
    async readStale<R extends Row>(wanted: Statement, ...values: SqlValue[]): Promise<R[]> {
      asked.add(wanted.name.replace(/\.\w+$/, (end) => (end.startsWith('.search') ? end : '')));
      const rows = await database.readStale<R>(wanted, ...values);
      const n = counts[wanted.name];
      return n === undefined ? rows : rows.map((row) => ({ ...row, n }));
    },
  };
}
