import type { Post } from '../../../../contract/index.ts';
import { afterPost, byOrder, headsOf, nextStep, type OutboxEntry, type Step } from './entry.ts';
import { failureOf, isFinal, retryDelay, type SendFailure } from './retry.ts';

/** Where entries survive a reload. Every call may fail; the outbox then goes on in memory. */
export interface OutboxStorage {
  all(userId: string): Promise<OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  remove(id: string): Promise<void>;
}

/** The way to the server. Throws an object with `status` (0: no answer), `message` and `retryAfter`. */
export interface OutboxTransport {
  send(entry: OutboxEntry): Promise<Post>;
  amend(postId: string, message: string): Promise<Post>;
  remove(postId: string): Promise<void>;
}

/** What tabs tell each other. */
export type OutboxNotice = { readonly kind: 'changed' } | { readonly kind: 'sent'; readonly post: Post };

export interface OutboxDeps {
  readonly userId: string;
  readonly storage: OutboxStorage;
  readonly transport: OutboxTransport;
  readonly clock: { now(): number; after(milliseconds: number, run: () => void): () => void };
  /** 0 to 1. */
  readonly random: () => number;
  /** Makes the unique part of an id. */
  readonly newId: () => string;
  /** To the other tabs of this user. */
  readonly announce: (notice: OutboxNotice) => void;
  /** The server has the message, as it stands in the entry. */
  readonly onDelivered: (entry: OutboxEntry) => void;
  /** The server's post for a message of ours; may come more than once. */
  readonly onPost: (post: Post) => void;
  /** A change of a message that had already arrived was refused. */
  readonly onChangeRefused: (entry: OutboxEntry, reason: string) => void;
  /** This browser keeps nothing: messages live as long as the page. */
  readonly onStorageFailure: (error: unknown) => void;
}

/** One line of the outbox, for the screen. */
export interface OutboxItem {
  readonly entry: OutboxEntry;
  /** `sending` only during the first try, so that retries do not flicker. */
  readonly phase: 'sending' | 'waiting' | 'refused';
}

const dayMilliseconds = 86_400_000;

export type OutboxDraft = Pick<OutboxEntry, 'channelId' | 'rootId' | 'message'>;

/**
 * Messages on their way. An entry is stored before any network, goes out first in first out within its channel, is
 * repeated with the same id until the server has said yes or a final no, and leaves when its post is known.
 * Only the tab that drains sends; every tab shows, adds, edits and cancels.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #entries = new Map<string, OutboxEntry>();
  /** Not in the storage yet: they wait with their first try. */
  readonly #unsaved = new Set<string>();
  readonly #failures = new Map<string, number>();
  /** Written by this page and never sent: the server cannot know them. */
  readonly #untried = new Set<string>();
  /** Per channel: the entry on the wire. */
  readonly #inFlight = new Map<string, { readonly id: string }>();
  readonly #timers = new Map<string, () => void>();
  readonly #listeners = new Set<() => void>();
  #items: readonly OutboxItem[] = [];
  #draining = false;
  #closed = false;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** Reads what the device has kept. Call it once at the start, and again when another tab has changed something. */
  async load(): Promise<void> {
    let stored: OutboxEntry[];
    try {
      stored = await this.#deps.storage.all(this.#deps.userId);
    } catch (error) {
      this.#deps.onStorageFailure(error);
      return;
    }
    stored = stored.filter((entry) => !this.#expire(entry));
    const present = new Set(stored.map((entry) => entry.id));
    for (const entry of stored) if (!this.#unsaved.has(entry.id)) this.#entries.set(entry.id, entry);
    for (const id of this.#entries.keys()) if (!present.has(id) && !this.#unsaved.has(id)) this.#forget(id);
    this.#changed();
  }

  /** Takes a message: on the screen at once, on the device next, on the wire after that. */
  add(draft: OutboxDraft): OutboxEntry {
    const now = this.#deps.clock.now();
    const last = Math.max(0, ...[...this.#entries.values()].map((entry) => entry.order));
    const entry: OutboxEntry = {
      ...draft,
      id: `${this.#deps.userId}:${this.#deps.newId()}`,
      userId: this.#deps.userId,
      createdAt: now,
      order: Math.max(now, last + 1),
      state: 'waiting',
      reason: '',
      edited: false,
      postId: '',
    };
    this.#untried.add(entry.id);
    this.#put(entry);
    return entry;
  }

  /** Gives a waiting or refused message another text; a refused one is sent again. */
  edit(id: string, message: string): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.state === 'withdrawn') return;
    this.#failures.delete(id);
    this.#clearTimer(entry.channelId);
    this.#put({ ...entry, message, edited: true, state: 'waiting', reason: '' });
  }

  /** Takes a message back. When it may have arrived already, its post is removed as soon as it shows. */
  cancel(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#clearTimer(entry.channelId);
    const unknownToServer = entry.state === 'refused' || this.#untried.has(id);
    if (unknownToServer && entry.postId === '') this.#drop(id);
    else this.#put({ ...entry, state: 'withdrawn' });
  }

  /** Takes everything back that has not been sent: at a sign-out with "Discard". */
  discardAll(): void {
    for (const id of this.#entries.keys()) this.cancel(id);
  }

  /** Takes back a message that the server had confirmed and has lost; it keeps its id, its place and its text. */
  restore(entry: OutboxEntry): void {
    if (this.#entries.has(entry.id)) return;
    this.#put({ ...entry, state: 'waiting', reason: '', edited: false, postId: '', again: true });
  }

  /** A post was seen, by event or by catch-up: if it is one of ours, a lost answer is settled by it. */
  settle(post: Post): void {
    const entry = this.#entries.get(post.pending_post_id);
    if (!entry || entry.postId !== '') return;
    this.#arrived(entry, post);
  }

  /** Another tab has spoken. */
  receive(notice: OutboxNotice): void {
    if (notice.kind === 'sent') {
      this.#forget(notice.post.pending_post_id);
      this.#deps.onPost(notice.post);
      this.#changed();
    } else void this.load();
  }

  /** This tab sends (true) or only shows (false, the start). */
  setDraining(draining: boolean): void {
    this.#draining = draining;
    this.#changed();
  }

  /** Something got better: everything that waits is tried at once. */
  retryNow(): void {
    this.#clearTimers();
    this.#pump();
  }

  /** Messages that the server has not confirmed, oldest first; the same array until something changes. */
  items(): readonly OutboxItem[] {
    return this.#items;
  }

  /** How many are still to be sent; refused ones do not count. */
  waitingCount(): number {
    return this.#items.filter((item) => item.phase !== 'refused').length;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops sending; what waits stays on the device. */
  close(): void {
    this.#closed = true;
    this.#clearTimers();
    this.#listeners.clear();
  }

  #put(entry: OutboxEntry): void {
    this.#entries.set(entry.id, entry);
    this.#unsaved.add(entry.id);
    this.#changed();
    void this.#save(entry);
  }

  async #save(entry: OutboxEntry): Promise<void> {
    try {
      await this.#deps.storage.put(entry);
    } catch (error) {
      this.#deps.onStorageFailure(error);
    }
    // A later change of the same entry has a save of its own.
    if (this.#entries.get(entry.id) === entry) this.#unsaved.delete(entry.id);
    // From here on the tab that drains may send it, and this one would not know.
    if (!this.#draining) this.#untried.delete(entry.id);
    this.#deps.announce({ kind: 'changed' });
    this.#changed();
  }

  #drop(id: string): void {
    this.#forget(id);
    this.#changed();
    this.#deps.storage
      .remove(id)
      .catch((error: unknown) => this.#deps.onStorageFailure(error))
      .finally(() => this.#deps.announce({ kind: 'changed' }));
  }

  #forget(id: string): void {
    const entry = this.#entries.get(id);
    if (entry && this.#inFlight.get(entry.channelId)?.id === id) this.#inFlight.delete(entry.channelId);
    if (entry) this.#clearTimer(entry.channelId);
    this.#entries.delete(id);
    this.#unsaved.delete(id);
    this.#untried.delete(id);
    this.#failures.delete(id);
  }

  #pump(): void {
    if (!this.#draining || this.#closed) return;
    for (const entry of headsOf([...this.#entries.values()])) {
      const blocked = this.#inFlight.has(entry.channelId) || this.#timers.has(entry.channelId);
      if (!blocked && !this.#unsaved.has(entry.id)) void this.#try(entry);
    }
  }

  async #try(entry: OutboxEntry): Promise<void> {
    const flight = { id: entry.id };
    this.#inFlight.set(entry.channelId, flight);
    this.#untried.delete(entry.id);
    const step = nextStep(entry);
    try {
      const post = await this.#run(step, entry);
      this.#land(entry, flight);
      this.#stepDone(entry, step, post);
    } catch (error) {
      if (this.#land(entry, flight)) this.#stepFailed(entry.id, step, failureOf(error));
    }
    this.#changed();
  }

  /** Frees the channel; false when the entry was settled meanwhile and the channel has gone on. */
  #land(entry: OutboxEntry, flight: { readonly id: string }): boolean {
    if (this.#inFlight.get(entry.channelId) !== flight) return false;
    this.#inFlight.delete(entry.channelId);
    return true;
  }

  async #run(step: Step, entry: OutboxEntry): Promise<Post | undefined> {
    if (step === 'send') return this.#deps.transport.send(entry);
    if (step === 'amend') return this.#deps.transport.amend(entry.postId, entry.message);
    await this.#deps.transport.remove(entry.postId);
    return undefined;
  }

  #stepDone(sent: OutboxEntry, step: Step, post: Post | undefined): void {
    this.#failures.delete(sent.id);
    const entry = this.#entries.get(sent.id);
    if (step === 'remove') this.#drop(sent.id);
    else if (post && !entry) this.#deps.onPost(post);
    // The server may have tidied the text: an amended post is as it should be, whatever its letters.
    else if (post && entry)
      this.#arrived(step === 'amend' && entry.message === sent.message ? { ...entry, edited: false } : entry, post);
  }

  #stepFailed(id: string, step: Step, failure: SendFailure): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (!isFinal(failure)) this.#waitBeforeNext(entry, failure);
    else if (step === 'send' && entry.state === 'withdrawn') this.#drop(id);
    else if (step === 'send') this.#put({ ...entry, state: 'refused', reason: failure.message });
    else {
      this.#drop(id);
      this.#deps.onChangeRefused(entry, failure.message);
    }
  }

  #waitBeforeNext(entry: OutboxEntry, failure: SendFailure): void {
    const failures = (this.#failures.get(entry.id) ?? 0) + 1;
    this.#failures.set(entry.id, failures);
    const cancel = this.#deps.clock.after(retryDelay(failures, failure, this.#deps.random), () => {
      this.#timers.delete(entry.channelId);
      this.#pump();
    });
    this.#timers.set(entry.channelId, cancel);
  }

  #arrived(entry: OutboxEntry, answer: Post): void {
    const post = { ...answer, pending_post_id: entry.id };
    const left = afterPost(entry, post);
    // The post comes before the entry goes: a row never leaves the screen in between.
    this.#deps.onPost(post);
    if (left) this.#put(left);
    else {
      this.#deps.onDelivered(entry);
      this.#drop(entry.id);
      this.#deps.announce({ kind: 'sent', post });
    }
  }

  /** A withdrawn message that has not shown up for a day never arrived. */
  #expire(entry: OutboxEntry): boolean {
    const expired = entry.state === 'withdrawn' && this.#deps.clock.now() - entry.createdAt > dayMilliseconds;
    if (expired) this.#drop(entry.id);
    return expired;
  }

  #clearTimer(channelId: string): void {
    this.#timers.get(channelId)?.();
    this.#timers.delete(channelId);
  }

  #clearTimers(): void {
    for (const channelId of this.#timers.keys()) this.#clearTimer(channelId);
  }

  #changed(): void {
    const shown = [...this.#entries.values()].filter((entry) => entry.state !== 'withdrawn').toSorted(byOrder);
    const held = new Set<string>();
    this.#items = shown.map((entry) => {
      const phase = this.#phaseOf(entry, held.has(entry.channelId));
      // What stands behind a message that waits, waits with it.
      if (phase === 'waiting') held.add(entry.channelId);
      return { entry, phase };
    });
    for (const listener of this.#listeners) listener();
    this.#pump();
  }

  #phaseOf(entry: OutboxEntry, held: boolean): OutboxItem['phase'] {
    if (entry.state === 'refused') return 'refused';
    if (held) return 'waiting';
    const firstTry = this.#untried.has(entry.id) || this.#inFlight.get(entry.channelId)?.id === entry.id;
    return firstTry && !this.#failures.has(entry.id) ? 'sending' : 'waiting';
  }
}
