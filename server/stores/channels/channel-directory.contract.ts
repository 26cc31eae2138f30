import { beforeAll, expect, it } from 'vitest';
import { type Channel, channelWithTeam } from '../../../contract/index.ts';
import { type Database, DatabaseError } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { type ChatFixture, createChatFixture, testCausality } from '../testing/chat-fixture.ts';
import { createUserStore } from '../users/index.ts';
import { CHANNEL_NAME_INDEX, type ChannelStore, createChannelStore, type DirectorySearch } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let store: ChannelStore;
/** Two teams that have nobody in common. */
let fixture: ChatFixture;
let other: ChatFixture;
const causality = testCausality();

const everything: DirectorySearch = {
  term: '',
  teamIds: [],
  open: true,
  private: true,
  archived: false,
  withoutDefault: false,
};
const page = (more: Partial<DirectorySearch>) => ({ ...everything, ...more, page: 0, perPage: 50 });
const ids = async (text: Promise<string>): Promise<string[]> =>
  channelWithTeam
    .array()
    .parse(JSON.parse(await text))
    .map(({ id }) => id)
    .toSorted();
const create = (name: string, type: 'O' | 'P', memberIds: readonly string[] = [fixture.ada.id]): Promise<Channel> =>
  store.create(causality, {
    id: newId(),
    createAt: 1_000,
    teamId: fixture.team.id,
    type,
    name,
    displayName: `The ${name}_%`,
    header: '',
    purpose: '',
    creatorId: fixture.ada.id,
    memberIds,
  });

/** What every engine's channel store knows beyond one team. */
export function channelDirectoryContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    store = createChannelStore(database);
    [fixture, other] = [await createChatFixture(database), await createChatFixture(database)];
  });
  findsChannels();
  findsGroupChannels();
  countsMembers();
  movesChannels();
}

function findsChannels(): void {
  it('finds channels of all teams by a part of their names, and counts them', async () => {
    const word = `w${newId().slice(0, 8)}`;
    const [openOne, secret] = [await create(`a-${word}`, 'O'), await create(`b-${word}`, 'P')];
    const archived = await create(`c-${word}`, 'O');
    await store.setDeleteAt(causality, archived.id, 5, 5);
    const both = [openOne.id, secret.id].toSorted();
    const found = async (search: Partial<DirectorySearch>) => {
      const all = await ids(store.ofAllTeams(page({ term: word, ...search })));
      expect(await store.countOfAllTeams({ ...everything, term: word, ...search })).toBe(all.length);
      return all;
    };
    expect(await found({})).toEqual(both);
    expect(await found({ term: word.toUpperCase() })).toEqual(both);
    expect(await found({ term: `${word}_%` })).toEqual(both);
    expect(await found({ term: `${word}%` })).toEqual([]);
    expect(await found({ open: false })).toEqual([secret.id]);
    expect(await found({ private: false, archived: true })).toEqual([openOne.id, archived.id].toSorted());
    expect(await found({ teamIds: [other.team.id] })).toEqual([]);
    expect(await found({ teamIds: [other.team.id, fixture.team.id] })).toEqual(both);
    const own = (userId: string) => ids(store.ofTeamsOf(userId, page({ term: word })));
    expect(await own(fixture.ada.id)).toEqual(both);
    expect(await own(fixture.bob.id)).toEqual([openOne.id]);
    expect(await own(other.bob.id)).toEqual([]);
  });

  it('leaves the channels of every team out when it is asked to', async () => {
    const team = { teamIds: [other.team.id] };
    expect(await store.countOfAllTeams({ ...everything, ...team })).toBe(2);
    expect(await store.countOfAllTeams({ ...everything, ...team, withoutDefault: true })).toBe(0);
    const [channel] = channelWithTeam.array().parse(JSON.parse(await store.ofAllTeams(page(team))));
    expect(channel).toMatchObject({ team_name: other.team.name, team_display_name: 'Team' });
  });
}

function findsGroupChannels(): void {
  it('finds group channels by the names of the others', async () => {
    const [ann, zoe, max] = [await fixture.user('ann'), await fixture.user('zoe'), await fixture.user('max')];
    const members = [ann, zoe, max].map(({ id }) => id);
    const named = { header: '', purpose: '', displayName: 'x', name: newId(), teamId: '', type: 'G' } as const;
    const group = await store.create(causality, {
      ...named,
      id: newId(),
      createAt: 1_000,
      creatorId: ann.id,
      memberIds: members,
    });
    const found = async (...words: string[]) => {
      const channels = JSON.parse(await store.groupsWith(causality, ann.id, words)) as Channel[];
      return channels.map(({ id }) => id);
    };
    expect(await found()).toEqual([group.id]);
    expect(await found('ZO', 'max')).toEqual([group.id]);
    expect(await found('ann')).toEqual([]);
    expect(await found('zoe', 'nobody')).toEqual([]);
    expect(await found('%')).toEqual([]);
    const users = createUserStore(database);
    const others = await users.inGroupChannels(causality, ann.id, [group.id, newId(), group.id]);
    expect(others.map(({ channelId, user }) => [channelId, user.username])).toEqual(
      [max, zoe].map(({ username }) => [group.id, username]),
    );
    expect(await users.inGroupChannels(causality, fixture.bob.id, [group.id])).toEqual([]);
  });
}

function countsMembers(): void {
  it('counts the members of channels, and says who may know', async () => {
    const [openOne, secret] = [await create(newId(), 'O'), await create(newId(), 'P')];
    await store.addMember(causality, { channelId: openOne.id, userId: fixture.bob.id, at: 5 });
    const counts = async (userId: string) =>
      new Map(
        (await store.memberCounts(causality, userId, [openOne.id, secret.id, newId(), openOne.id])).map((each) => [
          each.id,
          [each.count, each.visible],
        ]),
      );
    const expected = (...visible: [boolean, boolean]) =>
      new Map([
        [openOne.id, [2, visible[0]]],
        [secret.id, [1, visible[1]]],
      ]);
    expect(await counts(fixture.ada.id)).toEqual(expected(true, true));
    expect(await counts(fixture.bob.id)).toEqual(expected(true, false));
    expect(await counts(other.ada.id)).toEqual(expected(false, false));
  });

  it('knows the time zones of members, each once', async () => {
    const [ann, zoe] = [await fixture.user('ann'), await fixture.user('zoe')];
    const channel = await create(newId(), 'O', [ann.id, zoe.id]);
    expect(await store.timezones(causality, channel.id)).toEqual(['{}']);
    const timezone = { manualTimezone: 'Europe/Berlin' };
    await createUserStore(database).patch(causality, ann.id, { timezone }, 5);
    const zones = await store.timezones(causality, channel.id);
    expect(zones.toSorted()).toEqual([JSON.stringify(timezone), '{}'].toSorted());
  });

  it('makes members admins and plain again', async () => {
    const place = { channelId: (await create(newId(), 'O')).id, userId: fixture.bob.id, at: 6 };
    expect(await store.setAdmin(causality, place, true)).toBeUndefined();
    await store.addMember(causality, place);
    expect(await store.setAdmin(causality, place, true)).toMatchObject({ scheme_admin: true, scheme_user: true });
    expect(await store.setAdmin(causality, place, false)).toMatchObject({ scheme_admin: false, last_update_at: 6 });
  });
}

function movesChannels(): void {
  it('moves a channel to another team, and knows who of its members are there', async () => {
    const channel = await create(newId(), 'O', [fixture.ada.id, other.ada.id]);
    const members = await store.membersByTeam(causality, channel.id, other.team.id);
    const expected = [
      { userId: fixture.ada.id, isInTeam: false },
      { userId: other.ada.id, isInTeam: true },
    ];
    expect(new Set(members)).toEqual(new Set(expected));
    const change = { id: channel.id, from: fixture.team.id, to: other.team.id, at: 7_000 };
    const moved = { ...channel, team_id: other.team.id, update_at: 7_000 };
    expect(await store.move(causality, change)).toEqual(moved);
    expect(await store.move(causality, change)).toEqual(moved);
    const second = await create(channel.name, 'O');
    const error: unknown = await store.move(causality, { ...change, id: second.id }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ kind: 'unique', constraint: CHANNEL_NAME_INDEX });
  });
}
