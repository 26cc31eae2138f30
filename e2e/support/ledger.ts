import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import pg from 'pg';
import type { Cluster } from '../../tools/cluster/index.ts';
import { type ApiClient, RefusedRequest } from '../../tools/holdfast/index.ts';

/** One message that the server acknowledged. */
interface LedgerEntry {
  readonly postId: string;
  readonly pendingPostId: string;
  readonly message: string;
  readonly userId: string;
}

/** A post as the master keeps it. */
interface StoredPost {
  readonly id: string;
  readonly userid: string;
  readonly pendingpostid: string;
  readonly message: string;
}

const RETRY_PAUSE_MS = 100;
/** Between two messages of one program. */
const PACE_MS = 20;
/** Far more than any gate holds a write: beyond it, the server is broken and not switching. */
const GIVE_UP_AFTER_MS = 60_000;

/**
 * Everything that was acknowledged in a channel, by author in the order of the acknowledgements.
 * What a story claims ("nothing lost, nothing doubled, in order") is this list compared with the master's table.
 */
export class Ledger {
  readonly #channelId: string;
  readonly #entries: LedgerEntry[] = [];
  #longestPauseMs = 0;

  constructor(channelId: string) {
    this.#channelId = channelId;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The longest time that one message took from its first attempt to its acknowledgement. */
  get longestPauseMs(): number {
    return this.#longestPauseMs;
  }

  /** Sends one message as the webapp does: the same pending id again until the server says yes; any other refusal is a failure. */
  async post(client: ApiClient, message: string): Promise<void> {
    const pendingPostId = `${client.user.id}:${randomUUID()}`;
    const start = performance.now();
    for (;;) {
      const postId = await this.#attempt(client, message, pendingPostId, start);
      if (postId === undefined) continue;
      this.#longestPauseMs = Math.max(this.#longestPauseMs, performance.now() - start);
      this.#entries.push({ postId, pendingPostId, message, userId: client.user.id });
      return;
    }
  }

  /**
   * Posts one message after the other for each client until `stop` is called; `stop` waits for the last acknowledgements. The rate leaves
   * two cores some room for the browsers of the story.
   */
  startPosting(...clients: readonly ApiClient[]): { readonly stop: () => Promise<void> } {
    const wish = { stopped: false };
    const loops = clients.map(async (client) => {
      for (let number = 1; !wish.stopped; number++) {
        await this.post(client, `${client.user.username} ${number}`);
        await sleep(PACE_MS);
      }
    });
    // Marked as looked at: a loop that fails early is reported by stop().
    for (const loop of loops) loop.catch(() => {});
    return {
      stop: async () => {
        wish.stopped = true;
        await Promise.all(loops);
      },
    };
  }

  /** Waits until so many messages have been acknowledged since the call: the load is really running. */
  async waitForMore(count: number): Promise<void> {
    const target = this.size + count;
    await expect.poll(() => this.size, { timeout: GIVE_UP_AFTER_MS, intervals: [50] }).toBeGreaterThanOrEqual(target);
  }

  /** Every acknowledged message is on the master exactly once, nothing else of these users is, and each user's order is kept. */
  async expectOnMaster(cluster: Cluster): Promise<void> {
    const stored = await readPosts(cluster, this.#channelId);
    const users = new Set(this.#entries.map(({ userId }) => userId));
    expect(users.size, 'somebody has posted').toBeGreaterThan(0);
    for (const userId of users) {
      const acknowledged = this.#entries.filter((entry) => entry.userId === userId);
      const onMaster = stored.filter((post) => post.userid === userId);
      expect(onMaster.map(({ message }) => message)).toEqual(acknowledged.map(({ message }) => message));
      expect(onMaster.map(({ id }) => id)).toEqual(acknowledged.map(({ postId }) => postId));
      expect(new Set(onMaster.map(({ pendingpostid }) => pendingpostid)).size).toBe(onMaster.length);
    }
  }

  async #attempt(
    client: ApiClient,
    message: string,
    pendingPostId: string,
    start: number,
  ): Promise<string | undefined> {
    try {
      return (await client.post(this.#channelId, message, pendingPostId)).id;
    } catch (error) {
      const passing = !(error instanceof RefusedRequest) || error.status === 503 || error.status === 504;
      if (!passing || performance.now() - start > GIVE_UP_AFTER_MS) throw error;
      await sleep(RETRY_PAUSE_MS);
      return undefined;
    }
  }
}

/** Messages of one author that are on the master, in the order of the channel. */
export async function readAuthor(cluster: Cluster, channelId: string, userId: string): Promise<string[]> {
  const posts = await readPosts(cluster, channelId);
  return posts.flatMap(({ userid, message }) => (userid === userId ? [message] : []));
}

/** Straight from the present master, past the product under test. System messages are left out. */
async function readPosts(cluster: Cluster, channelId: string): Promise<StoredPost[]> {
  const client = new pg.Client({ connectionString: cluster.master().url() });
  await client.connect();
  try {
    const sql = `SELECT id, userid, pendingpostid, message FROM posts
      WHERE channelid = $1 AND type = '' AND originalid = '' ORDER BY createat, id`;
    return (await client.query<StoredPost>(sql, [channelId])).rows;
  } finally {
    await client.end();
  }
}
