import { describe, expect, it } from 'vitest';
import type { Person } from '../../stores/posts/index.ts';
import { hashtagsOf, type MentionSubject, mentionedNames, mentionsOf } from './mentions.ts';

const person = (id: string, notifyProps: Record<string, string> = {}): Person => ({
  id,
  username: id,
  isBot: false,
  notifyProps,
});
const people = new Map(['bob', 'bob.b', 'carl'].map((name) => [name, person(name)]));

function mentioned(message: string, subject: Partial<MentionSubject> = {}): string[] {
  const { userIds, everyone } = mentionsOf({
    authorId: 'ada',
    names: mentionedNames(message),
    directTo: undefined,
    mayCallEveryone: true,
    byName: people,
    rootAuthor: undefined,
    participants: [],
    ...subject,
  });
  return everyone ? [...userIds, '*'] : userIds;
}

describe('mentions in a text', () => {
  it.each([
    ['hello @bob', ['bob']],
    ['@BOB, are you there?', ['bob']],
    ['ask @bob. Or @carl!', ['bob', 'carl']],
    ['the longest name counts: @bob.b', ['bob.b']],
    ['(@carl) "@carl" @carl', ['carl']],
    ['a whole word only: @bobby', []],
    ['an address: ada@bob.b x@carl', []],
    ['two signs: @@bob', []],
    ['nobody: @ bob, @nobody', []],
    ['in `code @bob` and ```\n@carl\n```', []],
    ['an open fence ``` @bob', []],
    ['after `code` @bob', ['bob']],
    ['@channel', ['*']],
    ['@All together', ['*']],
    ['@here.', ['*']],
    ['@channels', []],
    ['`@all`', []],
  ])('%s', (message, expected) => {
    expect(mentioned(message)).toEqual(expected);
  });

  it('everybody is called only by those who may, and not in direct channels', () => {
    expect(mentioned('@all', { mayCallEveryone: false })).toEqual([]);
    expect(mentioned('@all', { directTo: 'bob' })).toEqual(['bob']);
  });
});

describe('mentions without a name', () => {
  it('a direct message mentions the other one, and nobody mentions themselves', () => {
    expect(mentioned('hi', { directTo: 'bob' })).toEqual(['bob']);
    expect(mentioned('hi', { directTo: 'ada' })).toEqual([]);
    expect(mentioned('@bob', { authorId: 'bob' })).toEqual([]);
  });

  it.each([
    [{}, {}, []],
    [{ comments: 'never' }, { comments: 'never' }, []],
    [{ comments: 'root' }, { comments: 'root' }, ['bob']],
    [{ comments: 'any' }, { comments: 'any' }, ['bob', 'carl']],
  ])('replies reach the author %o and the participants %o of the thread: %o', (author, participant, expected) => {
    const rootAuthor = person('bob', author);
    const participants = [person('carl', participant), person('ada', { comments: 'any' })];
    expect(mentioned('a reply', { rootAuthor, participants })).toEqual(expected);
  });
});

it.each([
  ['#duck and #Two-words, #duck', '#duck #Two-words'],
  ['issue #12 and a#b `#code`', ''],
  ['no tags', ''],
])('hashtags of %s', (message, expected) => {
  expect(hashtagsOf(message)).toBe(expected);
});
