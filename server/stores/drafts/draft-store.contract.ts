import { beforeAll, expect, it } from 'vitest';
import type { Channel } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createChannelStore } from '../channels/index.ts';
import { type ChatFixture, createChatFixture, testCausality } from '../testing/chat-fixture.ts';
import { createDraftStore, type DraftPlace, type DraftStore } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let fixture: ChatFixture;
let store: DraftStore;
let channel: Channel;
const causality = testCausality();

const place = (rootId = '', channelId = channel.id): DraftPlace => ({ userId: fixture.ada.id, channelId, rootId });
const content = (message: string) => ({
  type: '',
  message,
  props: { a: ['"', 1] },
  fileIds: [newId()],
  priority: { priority: 'urgent' },
});
const messages = async (teamId = fixture.team.id, userId = fixture.ada.id) =>
  (await store.ofTeam(causality, userId, teamId)).map((draft) => draft.message);

/** What every engine's draft store does. */
export function draftStoreContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    store = createDraftStore(database);
    fixture = await createChatFixture(database);
    channel = await fixture.channel([fixture.ada, fixture.bob]);
  });

  it('keeps one draft in each place, with the time when it was begun', async () => {
    const text = content('It\u0301s "half" a 🦆 \\ %_');
    const first = await store.save(causality, { ...place(), ...text, at: 5 });
    expect(first).toEqual({ ...place(), ...text, createAt: 5, updateAt: 5 });
    const rest = content('a whole one');
    expect(await store.save(causality, { ...place(), ...rest, at: 9 })).toEqual({
      ...place(),
      ...rest,
      createAt: 5,
      updateAt: 9,
    });
    await store.save(causality, { ...place(newId()), ...content('in a thread'), at: 7 });
    expect(await messages()).toEqual(['a whole one', 'in a thread']);
    expect(await messages(fixture.team.id, fixture.bob.id)).toEqual([]);
  });

  it('lists those of a team and of direct channels, as long as one is in them', async () => {
    const { ada, bob } = fixture;
    const direct = await fixture.channel([ada, bob], 'D');
    const left = await fixture.channel([ada]);
    await store.save(causality, { ...place('', direct.id), ...content('direct'), at: 20 });
    await store.save(causality, { ...place('', left.id), ...content('left'), at: 21 });
    expect((await messages()).slice(0, 2)).toEqual(['left', 'direct']);
    await createChannelStore(database).removeMember(causality, { channelId: left.id, userId: ada.id, at: 22 });
    expect((await messages()).slice(0, 1)).toEqual(['direct']);
    expect(await messages(newId())).toEqual(['direct']);
  });

  it('removes a draft once, and no other', async () => {
    const root = newId();
    await store.save(causality, { ...place(root), ...content('going'), at: 30 });
    const before = await messages();
    expect(await store.remove(causality, place(root))).toMatchObject({ message: 'going', rootId: root });
    expect(await store.remove(causality, place(root))).toBeUndefined();
    expect(await messages()).toEqual(before.filter((message) => message !== 'going'));
  });
}
