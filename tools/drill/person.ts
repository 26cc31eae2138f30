import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { type Post, type PostList, type ServerEvent, socketEventName, socketPath } from '../../contract/index.ts';
import { type ApiClient, RefusedRequest } from '../holdfast/index.ts';
import type { Acknowledged } from './ledger.ts';
import type { Measures } from './measures.ts';

/** Between two messages of one person: twenty of them leave two cores room for the databases. */
const PACE_MS = 80;
const RETRY_PAUSE_MS = 100;
const PAGE = 60;
/** Every so many-th event makes its receiver read the post that it tells of. */
const READ_AFTER_EVENTS = 10;

/** What a person saw that must never be. */
export interface Sights {
  /** The same post told of twice on one connection. */
  doubledEvents: number;
  /** An event of a post before that of an earlier one of the same author. */
  disorderedEvents: number;
}

/** Somebody with the chat open: writes, reads, is told by the socket what the others write, and reads that. */
export class Person {
  readonly client: ApiClient;
  readonly channelId: string;
  readonly acknowledged: Acknowledged[] = [];
  readonly sights: Sights = { doubledEvents: 0, disorderedEvents: 0 };
  readonly #measures: Measures;
  readonly #socket: Socket;
  readonly #told = new Set<string>();
  readonly #newest = new Map<string, number>();
  readonly #reading = new Set<Promise<void>>();
  readonly #greeted: Promise<void>;
  #isGoing = true;
  #loop: Promise<void> = Promise.resolve();
  /** The connection broke: what was told meanwhile has to be read. */
  socketBroke = false;

  constructor(client: ApiClient, channelId: string, { url, measures }: { url: string; measures: Measures }) {
    this.client = client;
    this.channelId = channelId;
    this.#measures = measures;
    this.#socket = io(url, {
      path: socketPath,
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { Authorization: `Bearer ${client.token}` },
    });
    this.#greeted = new Promise((resolve) => {
      this.#socket.on(socketEventName, (event: ServerEvent) => {
        if (event.event === 'hello') resolve();
        else this.#hear(event);
      });
    });
    this.#socket.on('disconnect', () => {
      this.socketBroke = true;
    });
  }

  /** Resolves when the server has greeted: from then on it tells of everything. */
  connected(): Promise<void> {
    return this.#greeted;
  }

  start(): void {
    this.#loop = this.#live();
    // `stop` tells it; until then the story goes on.
    this.#loop.catch(() => {});
  }

  /** Ends after the message at hand was acknowledged; rejects with what nobody may answer to a person. */
  async stop(): Promise<void> {
    this.#isGoing = false;
    await this.#loop;
    await Promise.all(this.#reading);
  }

  leave(): void {
    this.#socket.disconnect();
  }

  /** Posts of the channel that this person was told of. */
  hasHeardOf(postId: string): boolean {
    return this.#told.has(postId);
  }

  async #live(): Promise<void> {
    for (let number = 1; this.#isGoing; number++) {
      const post = await this.#write(number);
      if (post !== undefined) await this.#read(post);
      await sleep(PACE_MS);
    }
  }

  /** As the webapp's outbox: the same pending id until there is an answer. Undefined when the story ended before. */
  async #write(number: number): Promise<Post | undefined> {
    const { user } = this.client;
    const pendingPostId = `${user.id}:${randomUUID()}`;
    for (;;) {
      const start = performance.now();
      try {
        const post = await this.client.post(this.channelId, `${user.username} ${number}`, pendingPostId);
        this.#measures.answered('write', performance.now() - start);
        const { channelId } = this;
        this.acknowledged.push({ postId: post.id, pendingPostId, userId: user.id, channelId, number });
        return post;
      } catch (error) {
        this.#measures.failed('write', error);
        if (!mayPass(error)) throw error;
        await sleep(RETRY_PAUSE_MS);
      }
    }
  }

  async #read(own: Post): Promise<void> {
    const list = await this.#get<PostList>('read', `/channels/${this.channelId}/posts?page=0&per_page=${PAGE}`);
    if (list !== undefined && !shows(list, own)) this.#measures.stale('read');
  }

  async #get<Answer>(kind: 'read' | 'event read', path: string, seen?: string): Promise<Answer | undefined> {
    const start = performance.now();
    try {
      const answer = await this.client.get<Answer>(path, seen);
      this.#measures.answered(kind, performance.now() - start);
      return answer;
    } catch (error) {
      if (error instanceof RefusedRequest && error.status === 404) this.#measures.stale(kind);
      else this.#measures.failed(kind, error);
      return undefined;
    }
  }

  #hear({ event, data, token }: ServerEvent): void {
    if (event !== 'posted') return;
    const { id, user_id: userId, message, type } = JSON.parse((data as { post: string }).post) as Post;
    if (type !== '') return;
    if (this.#told.has(id)) this.sights.doubledEvents += 1;
    this.#told.add(id);
    const number = Number(message.split(' ').at(-1));
    if (number < (this.#newest.get(userId) ?? 0)) this.sights.disorderedEvents += 1;
    this.#newest.set(userId, number);
    if (this.#told.size % READ_AFTER_EVENTS !== 0 || !this.#isGoing) return;
    const reading = this.#get('event read', `/posts/${id}`, token).then(() => void this.#reading.delete(reading));
    this.#reading.add(reading);
  }
}

/** Whether the page has the post. One that was asked for long ago may be full of newer ones. */
function shows({ posts, order }: PostList, own: Post): boolean {
  const oldest = posts[order.at(-1) ?? ''];
  const isPushedOut = order.length === PAGE && oldest !== undefined && oldest.create_at > own.create_at;
  return posts[own.id] !== undefined || isPushedOut;
}

/** The server asks to try again, or could not be reached. */
function mayPass(error: unknown): boolean {
  return !(error instanceof RefusedRequest) || error.status === 503 || error.status === 504;
}
