/** Posts as people write them, by a law: few words are in nearly every post, most words are rare. The same at each call. */
export interface WrittenPosts {
  /** Rows of `posts`, `count` of them from number `from` on. */
  rows(from: number, count: number): WrittenPost[];
  /** Words that are about as common as this among all posts; 0 is the most common one. */
  wordAt(rank: number): string;
}

export interface WrittenPost {
  readonly id: string;
  readonly createat: number;
  readonly userid: string;
  readonly channelid: string;
  readonly message: string;
}

const VOCABULARY = 50_000;
const [USERS, CHANNELS] = [1_000, 500];
const START = 1_700_000_000_000;
const KANJI = '東京都大阪会議資料確認願致今日明後仕事会社開発設計試験結果報告了解承知連絡先方針変更予定';
/** One of so many posts is in Japanese. */
const JAPANESE = 20;

export const idOf = (kind: string, number: number): string => kind + String(number).padStart(26 - kind.length, '0');
export const channelIds: readonly string[] = Array.from({ length: CHANNELS }, (_, number) => idOf('c', number));

export function writePosts(): WrittenPosts {
  const wordAt = (rank: number): string => `w${rank.toString(36)}`;
  return {
    wordAt,
    rows(from, count) {
      return Array.from({ length: count }, (_, at) => {
        const number = from + at;
        const random = randomOf(number);
        const length = 4 + Math.floor(random() * 30);
        const message =
          number % JAPANESE === 0
            ? Array.from({ length }, () => KANJI[Math.floor(random() * KANJI.length)]).join('')
            : `${Array.from({ length }, () => wordAt(rankBy(random()))).join(' ')}.`;
        const userid = idOf('u', Math.floor(random() * USERS));
        // Some channels are busy, most are not.
        const channelid = idOf('c', Math.floor(random() * random() * CHANNELS));
        return { id: idOf('p', number), createat: START + number * 1_000, userid, channelid, message };
      });
    },
  };
}

/** The n-th word is n times as rare as the first. */
const rankBy = (chance: number): number =>
  Math.min(VOCABULARY - 1, Math.floor(Math.exp(chance * Math.log(VOCABULARY))) - 1);

/** Numbers between 0 and 1 that depend on nothing but the seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
