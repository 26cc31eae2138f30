import { beforeAll, describe, expect, it } from 'vitest';
import { type Channel, channel as channelSchema } from '../../../contract/index.ts';
import { type Database, DatabaseError } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createPostStore } from '../posts/index.ts';
import { type ChatFixture, createChatFixture, newPost, testCausality } from '../testing/chat-fixture.ts';
import { CHANNEL_NAME_INDEX, type ChannelStore, createChannelStore, type NewChannel } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let fixture: ChatFixture;
let store: ChannelStore;
const causality = testCausality();

const named = (name: string): NewChannel => ({
  id: newId(),
  createAt: 1_000,
  teamId: fixture.team.id,
  type: 'O',
  name,
  displayName: `Channel ${name}`,
  header: '',
  purpose: '',
  creatorId: fixture.ada.id,
  memberIds: [fixture.ada.id],
});
const parsed = async (text: Promise<string>): Promise<Channel[]> => channelSchema.array().parse(JSON.parse(await text));
const names = async (text: Promise<string>): Promise<string[]> => (await parsed(text)).map((channel) => channel.name);

/** What every engine's channel store does. */
export function channelStoreContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    fixture = await createChatFixture(database);
    store = createChannelStore(database);
  });
  makesAndChangesChannels();
  listsChannelsAndMembers();
  tracksReading();
}

function makesAndChangesChannels(): void {
  it('makes a channel whose creator is its admin, and makes it only once', async () => {
    const wanted = named(`a-${newId()}`);
    const channel = channelSchema.parse(await store.create(causality, wanted));
    expect(await store.create(causality, wanted)).toEqual(channel);
    const access = await store.access(causality, channel.id, fixture.ada.id);
    expect(access).toMatchObject({ channel, member: { scheme_admin: true, user_id: fixture.ada.id } });
    expect(access?.teamMember).toMatchObject({ scheme_admin: true });
    const stranger = await store.access(causality, channel.id, fixture.bob.id);
    expect(stranger).toMatchObject({ member: undefined, teamMember: { scheme_admin: false } });
    expect(await store.access(causality, newId(), fixture.ada.id)).toBeUndefined();
  });

  it('refuses a second channel of a name, made or renamed', async () => {
    const name = `b-${newId()}`;
    await store.create(causality, named(name));
    const other = await store.create(causality, named(`c-${newId()}`));
    for (const attempt of [store.create(causality, named(name)), store.patch(causality, other.id, 5, { name })]) {
      const error: unknown = await attempt.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DatabaseError);
      expect(error).toMatchObject({ kind: 'unique', constraint: CHANNEL_NAME_INDEX });
    }
  });

  it('changes what is given and nothing else', async () => {
    const channel = await store.create(causality, named(`d-${newId()}`));
    const patched = await store.patch(causality, channel.id, 5_000, { header: 'News' });
    expect(patched).toEqual({ ...channel, header: 'News', update_at: 5_000 });
    expect(await store.patch(causality, channel.id, 6_000, { header: '' })).toMatchObject({ header: '' });
    expect(await store.patch(causality, newId(), 5_000, { header: 'x' })).toBeUndefined();
  });
}

function listsChannelsAndMembers(): void {
  it('lists open channels, own channels and finds by beginnings', async () => {
    const { ada, bob, team } = await createChatFixture(database);
    const make = (name: string, type: 'O' | 'P', memberIds: string[]) =>
      store.create(causality, { ...named(name), teamId: team.id, type, memberIds, displayName: `The ${name}_%` });
    const open = await make('zebra', 'O', [ada.id]);
    await make('secret', 'P', [ada.id]);
    const archived = await make('yesterday', 'O', [ada.id]);
    await store.setDeleteAt(causality, archived.id, 7_000, 7_000);
    const page = { archived: false, page: 0, perPage: 10 };
    expect(await names(store.openOfTeam(causality, team.id, page))).toEqual(['off-topic', 'zebra', 'town-square']);
    expect(await names(store.openOfTeam(causality, team.id, { ...page, archived: true }))).toEqual(['yesterday']);
    expect(await names(store.privateOfTeam(causality, team.id, page))).toEqual(['secret']);
    expect(await names(store.openByIds(causality, team.id, [open.id, archived.id, newId()]))).toEqual(['zebra']);
    const own = { userId: ada.id, teamId: team.id };
    const mine = await names(store.ofUserInTeam(causality, { ...own, archivedSince: undefined }));
    expect(mine.sort()).toEqual(['off-topic', 'secret', 'town-square', 'zebra']);
    expect(await names(store.ofUserInTeam(causality, { ...own, archivedSince: 7_000 }))).toContain('yesterday');
    expect(await names(store.ofUserInTeam(causality, { ...own, archivedSince: 7_001 }))).not.toContain('yesterday');
    const search = (userId: string, term: string) =>
      names(store.search(causality, { teamId: team.id, userId, term, archived: false, limit: 10 }));
    expect(await search(ada.id, 'SEC')).toEqual(['secret']);
    expect(await search(bob.id, 'sec')).toEqual([]);
    expect(await search(bob.id, 'zebra_%')).toEqual(['zebra']);
    expect(await search(bob.id, '%')).toEqual([]);
  });

  it('adds, lists and removes members; a new one has nothing to catch up with', async () => {
    const { ada, bob } = fixture;
    const channel = await fixture.channel([ada]);
    await createPostStore(database).create(causality, newPost({ userId: ada.id, channelId: channel.id }));
    const place = { channelId: channel.id, userId: bob.id };
    const member = await store.addMember(causality, { ...place, at: 5_000 });
    expect(member).toMatchObject({ msg_count: 1, mention_count: 0, notify_props: { mark_unread: 'all' } });
    expect(await store.addMember(causality, { ...place, at: 6_000 })).toEqual(member);
    expect(await store.addMember(causality, { ...place, channelId: newId(), at: 1 })).toBeUndefined();
    expect(new Set((await store.members(causality, channel.id, 0, 10)).map((m) => m.user_id))).toEqual(
      new Set([ada.id, bob.id]),
    );
    expect(await store.membersByIds(causality, channel.id, [bob.id, newId()])).toEqual([member]);
    expect(await store.stats(causality, channel.id)).toMatchObject({ member_count: 2, pinnedpost_count: 0 });
    await store.removeMember(causality, { ...place, at: 7_000 });
    expect(await store.member(causality, place)).toBeUndefined();
  });
}

function tracksReading(): void {
  describe('reading', () => {
    it('counts what was not read, marks it as read, and never moves backwards', async () => {
      const { ada, bob } = fixture;
      const channel = await fixture.channel([ada, bob]);
      const posts = createPostStore(database);
      const post = () => newPost({ userId: ada.id, channelId: channel.id, mentions: [bob.id] });
      await posts.create(causality, post());
      await posts.create(causality, post());
      const place = { channelId: channel.id, userId: bob.id };
      expect(await store.unread(causality, place)).toMatchObject({ msg_count: 2, mention_count: 2, msg_count_root: 2 });
      const unread = (await store.teamsUnread(causality, bob.id)).find((team) => team.team_id === fixture.team.id);
      expect(unread).toMatchObject({ msg_count: 2, mention_count: 2 });
      const times = await store.view(causality, bob.id, [channel.id, newId()], 5);
      const viewed = (await store.byId(causality, channel.id))?.last_post_at;
      expect(times).toEqual({ [channel.id]: viewed });
      expect(await store.unread(causality, place)).toMatchObject({ msg_count: 0, mention_count: 0 });
      expect(await store.view(causality, bob.id, [channel.id], 6)).toEqual(times);
      expect(await store.unread(causality, { ...place, userId: newId() })).toBeUndefined();
    });

    it('goes back to a mark, and muted channels count mentions only', async () => {
      const { ada } = fixture;
      const carl = await fixture.user('carl');
      const channel = await fixture.channel([ada, carl]);
      const posts = createPostStore(database);
      for (let i = 0; i < 3; i++) await posts.create(causality, newPost({ userId: ada.id, channelId: channel.id }));
      const place = { channelId: channel.id, userId: carl.id };
      await store.view(causality, carl.id, [channel.id], 5);
      const mark = { lastViewedAt: 10, unread: 2, unreadRoot: 2, mentions: 1, mentionsRoot: 1, at: 20 };
      expect(await store.setUnread(causality, place, mark)).toMatchObject({ msg_count: 1, last_viewed_at: 10 });
      expect(await store.unread(causality, place)).toMatchObject({ msg_count: 2, mention_count: 1 });
      await store.setNotifyProps(causality, { ...place, at: 21 }, { mark_unread: 'mention' });
      expect(await store.teamsUnread(causality, carl.id)).toEqual([]);
    });
  });
}
