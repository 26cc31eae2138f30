import { beforeAll, expect, it } from 'vitest';
import { type Channel, type SidebarCategory, sidebarCategory } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createChannelStore } from '../channels/index.ts';
import { createPreferenceStore, type PreferenceStore } from '../preferences/index.ts';
import { type ChatFixture, createChatFixture, testCausality } from '../testing/chat-fixture.ts';
import { createSidebarStore, type SidebarPlace, type SidebarStore } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let store: SidebarStore;
let preferences: PreferenceStore;
let fixture: ChatFixture;
/** A user without a sidebar, in two channels of the team and in a direct one. */
let place: SidebarPlace;
let open: Channel;
let direct: Channel;
const causality = testCausality();

async function freshPlace(): Promise<void> {
  fixture = await createChatFixture(database);
  const { ada, bob, team } = fixture;
  place = { userId: ada.id, teamId: team.id };
  open = await fixture.channel([ada]);
  direct = await fixture.channel([ada, bob], 'D');
}

const of = (categories: readonly SidebarCategory[], type: SidebarCategory['type']): SidebarCategory => {
  const found = categories.find((category) => category.type === type);
  if (found === undefined) throw new Error(`no category ${type}`);
  return found;
};
const channelsOf = (categories: readonly SidebarCategory[], type: SidebarCategory['type']) =>
  of(categories, type).channel_ids;
const changed = (category: SidebarCategory, channelIds: readonly string[]) => ({
  id: category.id,
  type: category.type,
  displayName: 'Renamed',
  sorting: 'alpha' as const,
  muted: true,
  collapsed: true,
  channelIds,
});
const custom = (channelIds: readonly string[]) => ({
  id: newId(),
  type: 'custom' as const,
  displayName: 'Mine "ü" %_\\',
  sorting: '' as const,
  muted: false,
  collapsed: false,
  channelIds,
});
const favorite = (channelId: string, value = 'true') => ({ category: 'favorite_channel', name: channelId, value });
const favoritePreferences = async () =>
  (await preferences.ofCategory(causality, place.userId, 'favorite_channel')).map(({ name }) => name);

/** What every engine's sidebar store does. */
export function sidebarStoreContract(opened: () => Database): void {
  beforeAll(async () => {
    database = opened();
    store = createSidebarStore(database);
    preferences = createPreferenceStore(database);
  });
  makesTheDefaults();
  changesCategories();
  followsFavorites();
}

function makesTheDefaults(): void {
  it('has three categories from the first look on, however many look at once', async () => {
    await freshPlace();
    const looks = await Promise.all(Array.from({ length: 8 }, () => store.categories(causality, place)));
    const [first] = looks;
    if (first === undefined) throw new Error('nothing seen');
    for (const look of looks) expect(look).toEqual(first);
    expect(
      sidebarCategory
        .array()
        .parse(first)
        .map(({ type, sort_order }) => [type, sort_order]),
    ).toEqual([
      ['favorites', 0],
      ['channels', 10],
      ['direct_messages', 20],
    ]);
    expect(of(first, 'favorites').id).toBe(`favorites_${place.userId}_${place.teamId}`);
    expect(channelsOf(first, 'favorites')).toEqual([]);
    // By display name: "Channel", "Off-Topic", "Town Square".
    expect(channelsOf(first, 'channels')).toHaveLength(3);
    expect(channelsOf(first, 'channels').slice(0, 1)).toEqual([open.id]);
    expect(channelsOf(first, 'channels').at(-1)).toBe(fixture.townSquare.id);
    expect(channelsOf(first, 'direct_messages')).toEqual([direct.id]);
  });

  it('has none for somebody who is not in the team', async () => {
    await freshPlace();
    expect(await store.categories(causality, { ...place, teamId: newId() })).toEqual([]);
    const stranger = await fixture.user('stranger');
    expect(await store.categories(causality, { ...place, userId: stranger.id })).toEqual([]);
  });

  it('takes over what was a favourite before there was a sidebar', async () => {
    await freshPlace();
    const elsewhere = await (await createChatFixture(database)).channel([fixture.ada]);
    const [mine, notMine] = [open.id, (await fixture.channel([fixture.bob])).id];
    const all = [mine, direct.id, notMine, elsewhere.id].map((id) => favorite(id));
    await preferences.save(causality, place.userId, [...all, favorite(fixture.townSquare.id, 'false')]);
    const sidebar = await store.categories(causality, place);
    expect(channelsOf(sidebar, 'favorites').toSorted()).toEqual([mine, direct.id].toSorted());
    expect(channelsOf(sidebar, 'direct_messages')).toEqual([]);
  });
}

function changesCategories(): void {
  it('moves channels into a new category and back when it is removed', async () => {
    await freshPlace();
    const before = await store.categories(causality, place);
    const category = custom([direct.id, open.id, newId(), open.id]);
    const order = [category.id, ...before.map(({ id }) => id)];
    const made = await store.create(causality, place, category, order);
    expect(await store.create(causality, place, category, order)).toEqual(made);
    expect(made.map(({ id }) => id)).toEqual(order);
    expect(made[0]).toMatchObject({ display_name: category.displayName, channel_ids: [direct.id, open.id] });
    expect(channelsOf(made, 'direct_messages')).toEqual([]);
    expect(await store.categories(causality, place)).toEqual(made);
    expect(await store.remove(causality, place, of(made, 'channels').id)).toHaveLength(4);
    expect(await store.remove(causality, { ...place, userId: newId() }, category.id)).toEqual([]);
    expect(await store.remove(causality, place, category.id)).toEqual(
      before.map((old, index) => ({ ...old, sort_order: 10 * (index + 1) })),
    );
  });

  it('changes a category, the name only of an own one, and takes channels out of others', async () => {
    await freshPlace();
    const before = await store.categories(causality, place);
    const category = custom([open.id]);
    const made = await store.create(causality, place, category, [...before.map(({ id }) => id), category.id]);
    const [own, channels, directs] = [of(made, 'custom'), of(made, 'channels'), of(made, 'direct_messages')];
    const town = fixture.townSquare.id;
    const after = await store.update(causality, place, [
      changed(own, [town]),
      changed(channels, [open.id]),
      changed(directs, [open.id]),
    ]);
    const look = { sorting: 'alpha', muted: true, collapsed: true };
    expect(of(after, 'custom')).toEqual({ ...own, ...look, display_name: 'Renamed', channel_ids: [town] });
    expect(of(after, 'channels')).toMatchObject({ ...look, display_name: 'Channels' });
    expect(channelsOf(after, 'channels')[0]).toBe(open.id);
    expect(of(after, 'direct_messages')).toEqual({ ...directs, ...look });
  });

  it('keeps the order that it is given', async () => {
    await freshPlace();
    const ids = (await store.categories(causality, place)).map(({ id }) => id).reverse();
    const after = await store.reorder(causality, place, ids);
    expect(after.map(({ id }) => id)).toEqual(ids);
    expect(after.map(({ sort_order }) => sort_order)).toEqual([0, 10, 20]);
  });

  it('shows a channel no more when it was left or archived', async () => {
    await freshPlace();
    const all = channelsOf(await store.categories(causality, place), 'channels');
    const channels = createChannelStore(database);
    await channels.setDeleteAt(causality, open.id, 5, 5);
    await channels.removeMember(causality, { channelId: fixture.townSquare.id, userId: place.userId, at: 6 });
    const left = channelsOf(await store.categories(causality, place), 'channels');
    expect(left).toEqual(all.filter((id) => id !== open.id && id !== fixture.townSquare.id));
  });
}

function followsFavorites(): void {
  it('has the same favourites as the preferences, whichever changes', async () => {
    await freshPlace();
    const sidebar = await store.categories(causality, place);
    const favorites = of(sidebar, 'favorites');
    await preferences.save(causality, place.userId, [favorite(open.id), favorite(direct.id)]);
    const both = channelsOf(await store.categories(causality, place), 'favorites');
    expect(both.toSorted()).toEqual([open.id, direct.id].toSorted());
    await store.update(causality, place, [changed(favorites, [direct.id, fixture.townSquare.id])]);
    expect(channelsOf(await store.categories(causality, place), 'favorites')).toEqual([
      direct.id,
      fixture.townSquare.id,
    ]);
    expect((await favoritePreferences()).toSorted()).toEqual([direct.id, fixture.townSquare.id].toSorted());
    // Saving what is so already does not move it.
    await preferences.save(causality, place.userId, [favorite(fixture.townSquare.id)]);
    expect(channelsOf(await store.categories(causality, place), 'favorites')[0]).toBe(direct.id);
    await preferences.remove(causality, place.userId, [favorite(direct.id)]);
    await preferences.save(causality, place.userId, [favorite(fixture.townSquare.id, 'false')]);
    const after = await store.categories(causality, place);
    expect(channelsOf(after, 'favorites')).toEqual([]);
    expect(channelsOf(after, 'direct_messages')).toEqual([direct.id]);
  });

  it('is no favourite any more when it is moved to another category', async () => {
    await freshPlace();
    const sidebar = await store.categories(causality, place);
    await store.update(causality, place, [changed(of(sidebar, 'favorites'), [open.id])]);
    expect(await favoritePreferences()).toEqual([open.id]);
    await store.update(causality, place, [changed(of(sidebar, 'channels'), [open.id])]);
    expect(await favoritePreferences()).toEqual([]);
  });
}
