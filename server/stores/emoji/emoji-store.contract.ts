import { beforeAll, expect, it } from 'vitest';
import { type Database, DatabaseError } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { testCausality } from '../testing/chat-fixture.ts';
import { createEmojiStore, emojiNameKey, type EmojiStore } from './index.ts';

// Set anew for each engine that the suite is run on.
let store: EmojiStore;
const causality = testCausality();
const creatorId = newId();

let time = 1_000;
const newEmoji = (name: string) => ({ id: newId(), createAt: time++, creatorId, name });
const add = (name: string) => store.insert(causality, newEmoji(name));
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => error instanceof DatabaseError && `${error.kind} ${error.constraint}`,
  );
const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);

/** What every engine's store of emoji does. The database has no emoji but what the suite makes. */
export function emojiStoreContract(open: () => Database): void {
  beforeAll(() => {
    store = createEmojiStore(open());
  });

  it('keeps an emoji once, and finds it by id, by name and among names', async () => {
    const row = newEmoji('party_blob');
    const kept = await store.insert(causality, row);
    const { id, createAt: at } = row;
    const expected = { id, create_at: at, update_at: at, delete_at: 0, creator_id: creatorId, name: 'party_blob' };
    expect(kept).toEqual(expected);
    expect(await store.insert(causality, row)).toEqual(kept);
    expect(await store.byId(causality, id)).toEqual(kept);
    expect(await store.byName(causality, 'party_blob')).toEqual(kept);
    expect(await store.byName(causality, 'party%')).toBeUndefined();
    const other = await add('alpha');
    expect(await store.byNames(causality, ['party_blob', 'nothing', 'alpha', 'alpha'])).toEqual([other, kept]);
  });

  it('refuses a second one of a name by the name of the index, until the first one is deleted', async () => {
    const first = await add('once');
    expect([await refusal(add('once')), await store.isFree('once')]).toEqual([`unique ${emojiNameKey}`, false]);
    await store.delete(causality, first.id, 5_000);
    expect(await store.isFree('once')).toBe(true);
    const second = await add('once');
    expect([await store.byId(causality, first.id), (await store.byName(causality, 'once'))?.id]).toEqual([
      undefined,
      second.id,
    ]);
    await store.delete(causality, first.id, 6_000);
    expect((await store.byName(causality, 'once'))?.id).toBe(second.id);
  });

  it('lists the newest first or by name, by pages, and finds beginnings and parts as they are written', async () => {
    for (const name of ['find_b', 'find_a', 'Find-C', 'xfind']) await add(name);
    const page = { limit: 4, offset: 0 };
    expect(names(await store.list(causality, { ...page, byName: false }))).toEqual([
      'xfind',
      'Find-C',
      'find_a',
      'find_b',
    ]);
    expect(names(await store.list(causality, { limit: 2, offset: 1, byName: false }))).toEqual(['Find-C', 'find_a']);
    const byName = names(await store.list(causality, { limit: 200, offset: 0, byName: true }));
    expect(byName).toEqual(byName.toSorted());
    const found = async (term: string, prefixOnly: boolean) =>
      names(await store.search(term, { prefixOnly, limit: 9 }));
    expect((await found('FIND', true)).toSorted()).toEqual(['Find-C', 'find_a', 'find_b']);
    expect((await found('find', false)).toSorted()).toEqual(['Find-C', 'find_a', 'find_b', 'xfind']);
    expect(await found('find_', true)).toEqual(['find_a', 'find_b']);
    expect([await found('%', false), await store.search('find', { prefixOnly: false, limit: 1 })]).toEqual([
      [],
      [expect.anything()],
    ]);
  });
}
