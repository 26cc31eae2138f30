import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Channel,
  type ChannelMember,
  type Preference,
  type SidebarCategories,
  type SidebarCategory,
  sidebarCategories,
  sidebarCategory,
} from '../../../contract/index.ts';
import { newId } from '../../services/index.ts';
import { type ChatClient, openChatApi } from '../posts/testing/chat-api.ts';
import type { TestApi } from '../testing/index.ts';

let stop: (() => Promise<void>) | undefined;
let api: TestApi;
let admin: ChatClient;
let ada: ChatClient;
let bob: ChatClient;
let teamId: string;
let channel: Channel;
let path: string;

const FORBIDDEN = [403, 'api.context.permissions.app_error'];
const MISSING = [404, 'app.channel.sidebar_categories.app_error'];
const INVALID = [400, 'api.context.invalid_body_param.app_error'];

beforeAll(async () => {
  const opened = await openChatApi('admin', 'ada', 'bob');
  ({ api, stop } = opened);
  [admin, ada, bob] = opened.people;
});
afterAll(() => stop?.());
// Each test has a team, and so a sidebar, of its own.
beforeEach(async () => {
  teamId = (await ada.post<{ id: string }>('/teams', { name: newId(), display_name: 'T', type: 'O' })).id;
  const request = { team_id: teamId, name: newId(), display_name: 'Channel', type: 'O' };
  channel = await ada.post<Channel>('/channels', request);
  path = `/users/me/teams/${teamId}/channels/categories`;
  api.events.length = 0;
});

const request = (name: string, more: object = {}) => ({
  user_id: ada.userId,
  team_id: teamId,
  display_name: name,
  type: 'custom',
  ...more,
});
const all = () => ada.get<SidebarCategories>(path);
const of = async (type: SidebarCategory['type']): Promise<SidebarCategory> => {
  const found = (await all()).categories.find((category) => category.type === type);
  if (found === undefined) throw new Error(`no category ${type}`);
  return found;
};
/** What was published since it was asked last: to whom, what and with which data. */
const heard = () => api.events.splice(0).map(({ event, to, data }) => ({ event, to, data }));
const toAda = () => ({ user_id: ada.userId, team_id: teamId });

describe('the sidebar', () => {
  it('is there from the first look on', async () => {
    const looks = await Promise.all([all(), all(), all()]);
    const [first] = looks;
    expect(looks).toEqual([first, first, first]);
    const { categories, order } = sidebarCategories.parse(first);
    expect(categories.map(({ type }) => type)).toEqual(['favorites', 'channels', 'direct_messages']);
    expect(order).toEqual(categories.map(({ id }) => id));
    expect(await ada.get(`${path}/order`)).toEqual(order);
    expect(await ada.get(`${path}/${order[1]}`)).toEqual(categories[1]);
    expect(await ada.refused('GET', `${path}/${newId()}`)).toEqual(MISSING);
    expect(heard()).toEqual([]);
  });

  it('is for its owner and for admins', async () => {
    const others = `/users/${ada.userId}/teams/${teamId}/channels/categories`;
    const { order } = await all();
    expect(await admin.get(others)).toEqual(await all());
    for (const [method, to, body] of [
      ['GET', others],
      ['POST', others, request('x')],
      ['PUT', others, [{ ...request('x'), id: order[0] }]],
      ['GET', `${others}/order`],
      ['PUT', `${others}/order`, order],
      ['GET', `${others}/${order[0]}`],
      ['PUT', `${others}/${order[0]}`, request('x')],
      ['DELETE', `${others}/${order[0]}`],
    ] as const) {
      expect(await bob.refused(method, to, body)).toEqual(FORBIDDEN);
    }
    // Who is not in the team has none.
    expect(await bob.refused('GET', path)).toEqual(MISSING);
  });
});

describe('categories', () => {
  it('are made behind the favourites, renamed and removed', async () => {
    const answer = await api.call(ada.person, 'POST', path, request('Mine', { channel_ids: [channel.id, newId()] }));
    expect(answer.status).toBe(200);
    const made = sidebarCategory.parse(answer.body);
    expect(made).toMatchObject({ type: 'custom', display_name: 'Mine', channel_ids: [channel.id], sort_order: 10 });
    expect(heard()).toEqual([{ event: 'sidebar_category_created', to: toAda(), data: { category_id: made.id } }]);
    expect((await all()).order[1]).toBe(made.id);
    const renamed = await ada.put<SidebarCategory>(`${path}/${made.id}`, { ...made, display_name: 'Ours' });
    expect(renamed).toEqual({ ...made, display_name: 'Ours' });
    expect(heard()).toEqual([
      { event: 'sidebar_category_updated', to: toAda(), data: { updatedCategories: JSON.stringify([renamed]) } },
    ]);
    expect(await ada.delete(`${path}/${made.id}`)).toEqual({ status: 'OK' });
    expect(heard()).toEqual([{ event: 'sidebar_category_deleted', to: toAda(), data: { category_id: made.id } }]);
    expect(await ada.refused('DELETE', `${path}/${made.id}`)).toEqual(MISSING);
    expect((await of('channels')).channel_ids).toContain(channel.id);
  });

  it('that are always there are neither removed nor renamed', async () => {
    const channels = await of('channels');
    expect(await ada.refused('DELETE', `${path}/${channels.id}`)).toEqual([
      400,
      'api.context.invalid_url_param.app_error',
    ]);
    const collapsed = { ...channels, collapsed: true };
    const sent = { ...collapsed, display_name: 'Other' };
    expect(await ada.put(path, [sent])).toEqual([collapsed]);
  });

  it('belong to whom they say', async () => {
    const { id } = await of('channels');
    expect(await ada.refused('POST', path, { ...request('x'), user_id: bob.userId })).toEqual(INVALID);
    expect(await ada.refused('PUT', path, [{ ...request('x'), id, team_id: newId() }])).toEqual(INVALID);
    expect(await ada.refused('PUT', path, [{ ...request('x'), id: newId() }])).toEqual(MISSING);
    expect(await ada.refused('POST', path, request(''))).toEqual(INVALID);
  });

  it('are ordered by a list of all of them', async () => {
    const order = (await all()).order.toReversed();
    expect(await ada.put(`${path}/order`, order)).toEqual(order);
    expect(heard()).toEqual([{ event: 'sidebar_category_order_updated', to: toAda(), data: { order } }]);
    expect((await all()).order).toEqual(order);
    expect(await ada.refused('PUT', `${path}/order`, order.slice(1))).toEqual(INVALID);
    expect(await ada.refused('PUT', `${path}/order`, [...order.slice(1), newId()])).toEqual(INVALID);
    expect(await ada.refused('PUT', `${path}/order`, [...order, order[0]])).toEqual(INVALID);
    // In front of all when the favourites are not.
    expect((await ada.post<SidebarCategory>(path, request('First'))).sort_order).toBe(0);
  });
});

describe('favourites', () => {
  const preference = (value = 'true'): Preference => ({
    user_id: ada.userId,
    category: 'favorite_channel',
    name: channel.id,
    value,
  });

  it('made in the sidebar are preferences, and told as such', async () => {
    const favorites = await of('favorites');
    await ada.put(`${path}/${favorites.id}`, { ...favorites, channel_ids: [channel.id] });
    expect(await ada.get('/users/me/preferences/favorite_channel')).toContainEqual(preference());
    expect(heard()[1]).toEqual({
      event: 'preferences_changed',
      to: { user_id: ada.userId },
      data: { preferences: JSON.stringify([preference()]) },
    });
    await ada.put(`${path}/${favorites.id}`, favorites);
    expect(heard().map(({ event }) => event)).toEqual(['sidebar_category_updated', 'preferences_deleted']);
    const left = await ada.get<Preference[]>('/users/me/preferences');
    expect(left).not.toContainEqual(preference());
  });

  it('made by a preference are in the sidebar', async () => {
    const before = await all();
    await ada.put('/users/me/preferences', [preference()]);
    expect(heard().map(({ event }) => event)).toEqual(['preferences_changed', 'sidebar_category_updated']);
    expect((await of('favorites')).channel_ids).toEqual([channel.id]);
    expect((await of('channels')).channel_ids).not.toContain(channel.id);
    await ada.post('/users/me/preferences/delete', [preference()]);
    expect(await all()).toEqual(before);
    await ada.put('/users/me/preferences', [{ ...preference(), category: 'display_settings' }]);
    expect(heard().map(({ event }) => event)).toEqual([
      'preferences_deleted',
      'sidebar_category_updated',
      'preferences_changed',
    ]);
  });
});

it('a muted category mutes its channels', async () => {
  const muted = async () => (await ada.get<ChannelMember>(`/channels/${channel.id}/members/me`)).notify_props;
  const made = await ada.post<SidebarCategory>(path, request('Quiet', { muted: true, channel_ids: [channel.id] }));
  expect(await muted()).toMatchObject({ mark_unread: 'mention' });
  expect(heard().map(({ event }) => event)).toEqual(['sidebar_category_created', 'channel_member_updated']);
  await ada.put(`${path}/${made.id}`, { ...made, muted: false });
  expect(await muted()).toMatchObject({ mark_unread: 'all' });
});
