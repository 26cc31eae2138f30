import type { Channel, User } from '../../../../contract/index.ts';
import type { ById } from '../state/index.ts';

/** The word at the caret that may be completed. `start` is the place of its mark. */
export interface CompletionQuery {
  readonly mark: '@' | '~' | ':';
  readonly term: string;
  readonly start: number;
}

export interface Suggestion {
  /** What is put in place of the word, without the space after it. */
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
}

const wordAtEnd = /(?:^|[\s(])([@~:])([\w.+-]*)$/;

/** Finds the word that ends at the caret. An emoji needs two letters: a colon alone is punctuation. */
export function queryAt(text: string, caret: number): CompletionQuery | undefined {
  const match = wordAtEnd.exec(text.slice(0, caret));
  const [, mark, term] = match ?? [];
  if (mark === undefined || term === undefined) return undefined;
  if (mark === ':' && term.length < 2) return undefined;
  return { mark: mark as CompletionQuery['mark'], term: term.toLowerCase(), start: caret - term.length - 1 };
}

/** Replaces the word by the suggestion and a space. `caret` is the place after it. */
export function complete(text: string, caret: number, query: CompletionQuery, suggestion: Suggestion) {
  const head = `${text.slice(0, query.start)}${suggestion.insert} `;
  return { text: head + text.slice(caret).replace(/^ /, ''), caret: head.length };
}

const most = 8;

/** Names that start with the term come before names that only contain it. */
function rank<T>(values: readonly T[], term: string, nameOf: (value: T) => string): T[] {
  const starts = values.filter((value) => nameOf(value).toLowerCase().startsWith(term));
  const contains = values.filter((value) => nameOf(value).toLowerCase().indexOf(term) > 0);
  return [...starts, ...contains].slice(0, most);
}

export interface CompletionSources {
  readonly users: ById<User>;
  readonly channels: ById<Channel>;
  readonly emoji: ReadonlyMap<string, string>;
}

/** What fits the word, best first. */
export function suggest(query: CompletionQuery, sources: CompletionSources): Suggestion[] {
  if (query.mark === '@') {
    const users = Object.values(sources.users).toSorted((a, b) => a.username.localeCompare(b.username));
    return rank(users, query.term, (user) => user.username).map((user) => ({
      insert: `@${user.username}`,
      label: `@${user.username}`,
      detail: `${user.first_name} ${user.last_name}`.trim(),
    }));
  }
  if (query.mark === '~') {
    const rooms = Object.values(sources.channels).filter((channel) => channel.type === 'O' || channel.type === 'P');
    return rank(rooms, query.term, (channel) => channel.name).map((channel) => ({
      insert: `~${channel.name}`,
      label: channel.display_name,
      detail: `~${channel.name}`,
    }));
  }
  return rank([...sources.emoji], query.term, ([name]) => name).map(([name, emoji]) => ({
    insert: emoji,
    label: `${emoji} :${name}:`,
    detail: '',
  }));
}
