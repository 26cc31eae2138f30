import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Post, PostList } from '../../../../contract/index.ts';
import {
  applyChanges,
  endOf,
  extendWindow,
  markStale,
  newestChange,
  openThread,
  openWindow,
  renewWindow,
} from './posts.ts';
import { change, chatState, endStretch, takeAnswer } from './store.ts';
import { makeState } from './testing.ts';
import { TestServer } from './testing-server.ts';

/** Long enough for everything that does not wait for anything else. */
const later = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A question on its way: the server reads the answer at one moment, and it arrives at a later one. */
interface Question {
  readonly read: () => PostList;
  readonly arrive: (page: PostList) => void;
  page?: PostList;
}

/** A page that asks, and a server on which things happen meanwhile; each step as the numbers say. */
class Story {
  readonly server = new TestServer();
  readonly #questions: Question[] = [];
  readonly #ends: Promise<unknown>[] = [];
  #thread: string | undefined;

  constructor() {
    change(() => makeState());
  }

  #ask(read: () => PostList, changeOf: Parameters<typeof takeAnswer<PostList>>[1]): void {
    const ask = () => new Promise<PostList>((arrive) => this.#questions.push({ read, arrive }));
    this.#ends.push(takeAnswer(ask, changeOf));
  }

  open(end: 'oldest' | 'newest'): void {
    this.#ask(
      () => this.server.page(end),
      (page) => openWindow('town', page),
    );
  }

  extend(end: 'older' | 'newer'): void {
    const from = endOf(chatState(), 'town', end);
    if (from === undefined) return;
    this.#ask(
      () => this.server.page(end, from),
      (page) => extendWindow('town', page, { end, from }),
    );
  }

  openThread(pick: number): void {
    const root = this.server.root(pick);
    if (!root) return;
    this.#thread = root.id;
    this.#ask(
      () => this.server.thread(root.id),
      (page) => openThread(root.id, page),
    );
  }

  /** What the page does after a hole in the news, and after a change of the master by force. */
  resync(): void {
    this.server.loseEvents();
    endStretch();
    change(markStale('town', this.#thread));
    const time = newestChange(chatState(), 'town');
    if (time === 0) this.open('newest');
    else {
      this.#ask(
        () => this.server.since(time),
        (changes) => applyChanges('town', changes),
      );
      this.#ask(
        () => this.server.page('newest'),
        (page) => renewWindow('town', page),
      );
    }
    const thread = this.#thread;
    if (thread !== undefined) {
      this.#ask(
        () => this.server.thread(thread),
        (page) => openThread(thread, page),
      );
    }
  }

  loseMaster(count: number): void {
    const window = chatState().windows.town;
    const lost = this.server.newest(count);
    // Of a window somewhere in the past nothing is lost: a master takes the last moments with it.
    if (this.#questions.length > 0 || (window?.hasNewer && window.order.some((id) => lost.includes(id)))) return;
    this.server.losePosts(count);
    this.resync();
  }

  read(pick: number): void {
    const question = this.#questions[pick % Math.max(1, this.#questions.length)];
    if (question) question.page ??= question.read();
  }

  async arrive(pick: number): Promise<void> {
    const [question] = this.#questions.splice(pick % Math.max(1, this.#questions.length), 1);
    question?.arrive(question.page ?? question.read());
    // The answer is taken a few turns later.
    await later();
  }

  /** Everything arrives, and the reader goes to both ends of the channel. */
  async finish(): Promise<void> {
    this.server.deliver(Number.POSITIVE_INFINITY);
    while (this.#questions.length > 0) await this.arrive(0);
    await Promise.all(this.#ends);
    for (;;) {
      const window = chatState().windows.town;
      if (!window) this.open('newest');
      else if (window.hasNewer) this.extend('newer');
      else if (window.hasOlder) this.extend('older');
      else return;
      await this.arrive(0);
    }
  }
}

const steps: Readonly<Record<string, (story: Story, pick: number) => void | Promise<void>>> = {
  post: ({ server }) => server.post(''),
  reply: ({ server }, pick) => server.post(server.root(pick)?.id ?? ''),
  edit: ({ server }, pick) => server.edit(pick),
  delete: ({ server }, pick) => server.delete(pick),
  react: ({ server }, pick) => server.react(pick),
  deliver: ({ server }, pick) => server.deliver(pick % 4),
  openOldest: (story) => story.open('oldest'),
  openNewest: (story) => story.open('newest'),
  older: (story) => story.extend('older'),
  newer: (story) => story.extend('newer'),
  thread: (story, pick) => story.openThread(pick),
  resync: (story) => story.resync(),
  loseMaster: (story, pick) => story.loseMaster(pick % 3),
  read: (story, pick) => story.read(pick),
  arrive: (story, pick) => story.arrive(pick),
};

// Answers arrive more often than they are asked for, else all is still on its way at the end.
const step = fc.oneof(
  { arbitrary: fc.constant('arrive'), weight: 1 },
  { arbitrary: fc.constantFrom(...Object.keys(steps)), weight: 2 },
);
const script = fc.array(fc.tuple(step, fc.nat({ max: 20 })), { maxLength: 60 });

/** A page after the window's end arrives when another window, far from there, has taken its place. */
const overtaken: [string, number][] = [
  ['openOldest', 0],
  ['arrive', 0],
  ['newer', 0],
  ['openNewest', 0],
  ['arrive', 1],
  ['arrive', 0],
];

/** A master dies and takes a post with it that everybody saw: in the channel, and in a thread beside an older stretch of the channel. */
const lostPost: [string, number][] = [
  ['openNewest', 0],
  ['arrive', 0],
  ['loseMaster', 1],
];
const lostReply: [string, number][] = [
  ['openOldest', 0],
  ['arrive', 0],
  ['thread', 11],
  ['arrive', 0],
  ['reply', 11],
  ['deliver', 1],
  ['loseMaster', 1],
];

const shownOf = (post: Post | undefined) => ({
  id: post?.id,
  message: post?.message,
  replies: post?.root_id === '' ? post.reply_count : undefined,
  reactions: (post?.metadata.reactions ?? []).map((each) => each.emoji_name).toSorted(),
});

describe('pages, threads and events, in whatever order they arrive', () => {
  it('come to what the server has: nothing lost, nothing doubled, nothing that is gone', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (script) => {
        const story = new Story();
        for (let count = 0; count < 12; count += 1) story.server.post('');
        story.server.loseEvents();
        for (const [name, pick] of script) await steps[name]?.(story, pick);
        await story.finish();
        const { posts, windows, threads } = chatState();
        const living = story.server.living();
        expect(windows.town?.order.map((id) => shownOf(posts[id]))).toEqual(living.map(shownOf));
        for (const [root, order] of Object.entries(threads)) {
          expect(order).toEqual(story.server.thread(root).order.toReversed());
        }
      }),
      { numRuns: 400, examples: [[overtaken], [lostPost], [lostReply]] },
    );
  });
});

describe('an answer from before a hole in the news', () => {
  it('is not taken: it is asked for again', async () => {
    const server = new TestServer();
    change(() => makeState());
    server.post('');
    const before = server.page('newest');
    const answers = [before, undefined];
    const answered = takeAnswer(
      async () => {
        const old = answers.shift();
        await later();
        return old ?? server.page('newest');
      },
      (page) => openWindow('town', page),
    );
    server.delete(0);
    server.loseEvents();
    endStretch();
    await answered;
    expect(chatState().windows.town?.order).toEqual([]);
  });
});
