import type { Causality } from '../../database/index.ts';
import type { Person, PostContext, PostStore } from '../../stores/posts/index.ts';
import { LruMap } from '../base/lru-map.ts';
import type { OutgoingEvent } from '../base/publisher.ts';
import { mentionedNames, namedBy } from './mentions.ts';

export interface PeopleDeps {
  readonly posts: Pick<PostStore, 'context'>;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

export interface PeopleQuery {
  readonly authorId: string;
  readonly usernames: readonly string[];
  /** The thread's root, or empty. */
  readonly rootId: string;
}

/** Those of a thread, and the ids of those whom its root names, as long as nobody has replied: they follow it then. */
type Thread = PostContext['thread'] & { readonly named: readonly string[] };

/** Whom a post may concern. */
export interface PostPeople {
  readonly author: Person | undefined;
  readonly byName: ReadonlyMap<string, Person>;
  readonly thread: Thread;
}

interface Loaded {
  readonly people: readonly Person[];
  readonly thread: Thread;
}

interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

/** Other servers may share the database: what they change is seen this much later at the most. */
const KEEP_MS = 30_000;
const PEOPLE_MAX = 20_000;
const THREADS_MAX = 5_000;
const noThread: Thread = { author: undefined, participants: [], message: '', named: [] };

/**
 * The people around a post: its author, those whom it names, those of its thread. All of them from memory when they
 * were asked for lately, else all that is missing by one query.
 */
export class People {
  readonly #posts: Pick<PostStore, 'context'>;
  readonly #now: () => number;
  readonly #byId = new LruMap<string, Kept<Person>>(PEOPLE_MAX);
  /** `undefined` inside: nobody has that name. */
  readonly #byName = new LruMap<string, Kept<Person | undefined>>(PEOPLE_MAX);
  readonly #threads = new LruMap<string, Kept<Thread>>(THREADS_MAX);
  /** Counts what was forgotten: what was read before that is not kept. */
  #forgotten = 0;

  constructor(deps: PeopleDeps) {
    this.#posts = deps.posts;
    this.#now = deps.now ?? Date.now;
  }

  async around(causality: Causality, query: PeopleQuery): Promise<PostPeople> {
    const missing = {
      userIds: this.#fresh(this.#byId.get(query.authorId)) === undefined ? [query.authorId] : [],
      usernames: query.usernames.filter((name) => this.#fresh(this.#byName.get(name)) === undefined),
      rootId: this.#fresh(this.#threads.get(query.rootId)) === undefined ? query.rootId : '',
    };
    const nothing = missing.userIds.length === 0 && missing.usernames.length === 0 && missing.rootId === '';
    const found = nothing ? undefined : await this.#load(causality, missing);
    return {
      author: found?.people.find((person) => person.id === query.authorId) ?? this.#byId.get(query.authorId)?.value,
      byName: this.#named(query.usernames, found),
      thread: this.#threadOf(query.rootId, missing.rootId, found),
    };
  }

  /** The user of an id, active or not. */
  async byId(causality: Causality, id: string): Promise<Person | undefined> {
    return (await this.around(causality, { authorId: id, usernames: [], rootId: '' })).author;
  }

  /** The users of the ids, active or not; unknown ones are left out. */
  async byIds(causality: Causality, ids: readonly string[]): Promise<Person[]> {
    const kept = ids.flatMap((id) => this.#fresh(this.#byId.get(id))?.value ?? []);
    const userIds = ids.filter((id) => kept.every((person) => person.id !== id));
    if (userIds.length === 0) return kept;
    const { people } = await this.#load(causality, { userIds, usernames: [], rootId: '' });
    return [...kept, ...people];
  }

  /** Somebody has written in a thread: they belong to it from now on. */
  threadChanged(rootId: string): void {
    this.#forgotten += 1;
    this.#threads.delete(rootId);
  }

  /** Forgets what an event says to be different. */
  apply(event: OutgoingEvent): void {
    if (event.event !== 'user_updated') return;
    this.#forgotten += 1;
    const id = (event.data as { user: { id?: unknown } }).user.id;
    if (typeof id === 'string') this.#byId.delete(id);
    // The old name is not in the event.
    for (const [name] of this.#byName.entries()) this.#byName.delete(name);
    for (const [rootId] of this.#threads.entries()) this.#threads.delete(rootId);
  }

  /** Forgets everybody: they are asked for anew. */
  clear(): void {
    this.#forgotten += 1;
    for (const kept of [this.#byId, this.#byName, this.#threads]) for (const [key] of kept.entries()) kept.delete(key);
  }

  async #load(
    causality: Causality,
    missing: { userIds: readonly string[]; usernames: readonly string[]; rootId: string },
  ): Promise<Loaded> {
    const forgotten = this.#forgotten;
    const context = await this.#posts.context(causality, missing);
    const found = { people: context.people, thread: await this.#withNamed(causality, context.thread) };
    if (forgotten === this.#forgotten) {
      const until = this.#now() + KEEP_MS;
      for (const person of found.people) this.#byId.set(person.id, { value: person, until });
      for (const name of missing.usernames) this.#byName.set(name, { value: personNamed(name, found), until });
      if (missing.rootId !== '') this.#threads.set(missing.rootId, { value: found.thread, until });
    }
    return found;
  }

  async #withNamed(causality: Causality, thread: PostContext['thread']): Promise<Thread> {
    const names = mentionedNames(thread.message);
    const usernames = names.groups.flat();
    if (thread.participants.length > 0 || usernames.length === 0) return { ...thread, named: [] };
    const { byName } = await this.around(causality, { authorId: thread.author?.id ?? '', usernames, rootId: '' });
    return { ...thread, named: namedBy(names, byName) };
  }

  #named(usernames: readonly string[], found: Loaded | undefined): Map<string, Person> {
    const people = new Map<string, Person>();
    for (const name of usernames) {
      const person = (found && personNamed(name, found)) ?? this.#byName.get(name)?.value;
      if (person !== undefined) people.set(name, person);
    }
    return people;
  }

  #threadOf(rootId: string, loaded: string, found: Loaded | undefined): Thread {
    if (rootId === '') return noThread;
    return (rootId === loaded ? found?.thread : this.#threads.get(rootId)?.value) ?? noThread;
  }

  #fresh<T>(kept: Kept<T> | undefined): Kept<T> | undefined {
    return kept !== undefined && kept.until > this.#now() ? kept : undefined;
  }
}

function personNamed(name: string, { people }: Pick<PostContext, 'people'>): Person | undefined {
  return people.find((person) => person.username.toLowerCase() === name);
}
