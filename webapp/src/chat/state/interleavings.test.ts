import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Post, PostList } from '../../../../contract/index.ts';
import { endOf, extendWindow, openThread, openWindow } from './posts.ts';
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
  #ends: Promise<unknown>[] = [];

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
    this.#ask(
      () => this.server.thread(root.id),
      (page) => openThread(root.id, page),
    );
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
  read: (story, pick) => story.read(pick),
  arrive: (story, pick) => story.arrive(pick),
};

const script = fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat({ max: 20 })), { maxLength: 60 });

/** A page after the window's end arrives when another window, far from there, has taken its place. */
const overtaken: [string, number][] = [
  ['openOldest', 0],
  ['arrive', 0],
  ['newer', 0],
  ['openNewest', 0],
  ['arrive', 1],
  ['arrive', 0],
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
      { numRuns: 400, examples: [[overtaken]] },
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
