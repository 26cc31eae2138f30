import type { Person } from '../../stores/posts/index.ts';

/** What a text asks for; whether it exists is another matter. */
export interface MentionedNames {
  /** Names that may be meant, in lower case: `bob.` and `bob` for `@bob.`; the longest that exists counts. */
  readonly groups: readonly (readonly string[])[];
  /** `@channel`, `@all` or `@here`. */
  readonly everyone: boolean;
}

const nobody: MentionedNames = { groups: [], everyone: false };
const everyoneWords: ReadonlySet<string> = new Set(['channel', 'all', 'here']);

const CODE = /```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]*`/g;
/** A name begins where a word may begin: `ada@example.com` names nobody. */
const NAME = /(?<![\w@.-])@([a-z0-9][a-z0-9._-]*)/gi;

/** The names that a message mentions. What stands in code is not said to anybody. */
export function mentionedNames(message: string): MentionedNames {
  // Most messages mention nobody.
  if (!message.includes('@')) return nobody;
  const groups: string[][] = [];
  let everyone = false;
  for (const [, name = ''] of message.replace(CODE, ' ').matchAll(NAME)) {
    const candidates = readings(name.toLowerCase());
    if (candidates.some((candidate) => everyoneWords.has(candidate))) everyone = true;
    else groups.push(candidates);
  }
  return { groups, everyone };
}

/** A name may end a sentence: `bob.` is tried as it is and without its end, the longest first. */
function readings(name: string): string[] {
  const found = [name];
  for (let shorter = name; /[._-]$/.test(shorter); ) {
    shorter = shorter.slice(0, -1);
    found.push(shorter);
  }
  return found;
}

export interface MentionSubject {
  readonly authorId: string;
  readonly names: MentionedNames;
  /** The other one of a direct channel. */
  readonly directTo: string | undefined;
  /** Whether the author may call everybody of the channel. */
  readonly mayCallEveryone: boolean;
  readonly byName: ReadonlyMap<string, Person>;
  /** Of a reply: who began the thread, and who has written in it. */
  readonly rootAuthor: Person | undefined;
  readonly participants: readonly Person[];
}

export interface Mentions {
  readonly userIds: string[];
  /** Those of them whom the post itself names, or is sent to; the others only want to hear of their threads. */
  readonly named: string[];
  readonly everyone: boolean;
}

/** Whom a post mentions. Whether they are members is checked by the statement that counts it. */
export function mentionsOf(subject: MentionSubject): Mentions {
  const ids = new Set(namedBy(subject.names, subject.byName));
  if (subject.directTo !== undefined) ids.add(subject.directTo);
  ids.delete(subject.authorId);
  const named = [...ids];
  for (const id of threadMentions(subject)) ids.add(id);
  ids.delete(subject.authorId);
  const everyone = subject.names.everyone && subject.mayCallEveryone && subject.directTo === undefined;
  return { userIds: [...ids], named, everyone };
}

/** The users of the names in a text, as far as there are any. */
export function namedBy({ groups }: MentionedNames, byName: ReadonlyMap<string, Person>): string[] {
  const people = groups.map((group) => group.map((name) => byName.get(name)).find((found) => found !== undefined));
  return people.filter((person) => person !== undefined).map((person) => person.id);
}

/** Replies mention those who have asked for it: `root` for replies to own posts, `any` for those to own threads. */
function threadMentions({ rootAuthor, participants }: MentionSubject): string[] {
  const wanting = participants.filter((person) => person.notifyProps['comments'] === 'any');
  const wish = rootAuthor?.notifyProps['comments'];
  const author = rootAuthor !== undefined && (wish === 'any' || wish === 'root') ? [rootAuthor] : [];
  return [...author, ...wanting].map((person) => person.id);
}

/** The hashtags of a message as Mattermost keeps them, joined by spaces. */
export function hashtagsOf(message: string): string {
  if (!message.includes('#')) return '';
  const found = message.replace(CODE, ' ').match(/(?<![\w#])#[\p{L}][\p{L}\p{N}_.-]*[\p{L}\p{N}]/gu) ?? [];
  return [...new Set(found)].join(' ').slice(0, 1_000);
}
