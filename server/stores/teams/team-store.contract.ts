import { beforeAll, expect, it } from 'vitest';
import { team as teamSchema } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createChannelStore } from '../channels/index.ts';
import { createChatFixture, type ChatFixture, testCausality } from '../testing/chat-fixture.ts';
import { createTeamStore, type NewTeam, TEAM_NAME_INDEX, type TeamStore } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let fixture: ChatFixture;
let store: TeamStore;
const causality = testCausality();

const named = (name: string, more: Partial<NewTeam> = {}): NewTeam => ({
  id: newId(),
  createAt: 1_000,
  name,
  displayName: name,
  description: '',
  type: 'O',
  inviteId: newId(),
  allowOpenInvite: true,
  email: '',
  creatorId: fixture.ada.id,
  defaultChannels: [
    { id: newId(), name: 'town-square', displayName: 'Town Square' },
    { id: newId(), name: 'off-topic', displayName: 'Off-Topic' },
  ],
  ...more,
});

/** What every engine's team store does. */
export function teamStoreContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    fixture = await createChatFixture(database);
    store = createTeamStore(database);
  });
  keepsTeams();
  keepsMembersAndArchives();
}

function keepsTeams(): void {
  it('makes a team with an admin and default channels, and makes it only once', async () => {
    const wanted = named(`t-${newId()}`);
    const team = teamSchema.parse(await store.create(causality, wanted));
    expect(await store.create(causality, wanted)).toEqual(team);
    expect(await store.member(causality, { teamId: team.id, userId: fixture.ada.id })).toMatchObject({
      scheme_admin: true,
    });
    const channels = createChannelStore(database);
    const own = { userId: fixture.ada.id, teamId: team.id, archivedSince: undefined };
    const list = JSON.parse(await channels.ofUserInTeam(causality, own)) as { name: string }[];
    expect(list.map((channel) => channel.name)).toEqual(['off-topic', 'town-square']);
    await expect(store.create(causality, named(wanted.name))).rejects.toMatchObject({
      kind: 'unique',
      constraint: TEAM_NAME_INDEX,
    });
  });

  it('finds teams by id, name and invitation, and lists those that everybody may join', async () => {
    const closed = await store.create(causality, named(`u-${newId()}`, { allowOpenInvite: false }));
    const open = await store.create(causality, named(`v-${newId()}`));
    expect(await store.byId(causality, open.id)).toEqual(open);
    expect(await store.byName(causality, open.name)).toEqual(open);
    expect(await store.byInviteId(causality, closed.invite_id)).toEqual(closed);
    const ids = async (all: boolean) =>
      (await store.list(causality, { all, page: 0, perPage: 200 })).map((team) => team.id);
    expect(await ids(false)).toContain(open.id);
    expect(await ids(false)).not.toContain(closed.id);
    expect(await ids(true)).toContain(closed.id);
    expect(await store.patch(causality, open.id, 9_000, { description: 'x' })).toEqual({
      ...open,
      description: 'x',
      update_at: 9_000,
    });
  });

  it('takes members in, lets them go with all their channels, and takes them back as plain members', async () => {
    const team = await store.create(causality, named(`w-${newId()}`));
    const place = { teamId: team.id, userId: fixture.bob.id };
    const joined = await store.addMember(causality, { ...place, at: 2_000 });
    expect(joined?.member).toMatchObject({ delete_at: 0, scheme_admin: false });
    expect(joined?.defaultChannels.map((channel) => channel.name).sort()).toEqual(['off-topic', 'town-square']);
    expect(await store.stats(causality, team.id)).toEqual({ total: 2, active: 2 });
    expect((await store.ofUser(causality, fixture.bob.id)).map((own) => own.id)).toContain(team.id);
    const left = await store.removeMember(causality, { ...place, at: 3_000 });
    expect(left).toHaveLength(2);
    expect(await store.member(causality, place)).toMatchObject({ delete_at: 3_000 });
    expect(await store.members(causality, team.id, 0, 10)).toHaveLength(1);
    expect((await store.addMember(causality, { ...place, at: 4_000 }))?.member).toMatchObject({ delete_at: 0 });
    expect((await store.memberships(causality, fixture.bob.id)).map((own) => own.team_id)).toContain(team.id);
  });
}

function keepsMembersAndArchives(): void {
  it('finds teams by a part of their names, and archives and restores them', async () => {
    const word = `q${newId().slice(0, 10)}`;
    const open = await store.create(causality, named(`a-${word}`));
    const closed = await store.create(
      causality,
      named(newId(), { allowOpenInvite: false, displayName: `The ${word}_%` }),
    );
    const find = async (term: string, all: boolean) => {
      const found = await store.search(term, { all, page: 0, perPage: 10 });
      expect(await store.count(term, all)).toBe(found.length);
      return found.map((team) => team.id).toSorted();
    };
    expect(await find(word.toUpperCase(), false)).toEqual([open.id]);
    expect(await find(word, true)).toEqual([open.id, closed.id].toSorted());
    expect(await find(`${word}_%`, true)).toEqual([closed.id]);
    expect(await store.search(word, { all: true, page: 1, perPage: 1 })).toHaveLength(1);
    expect(await store.setDeleteAt(causality, open.id, 7_000, 7_000)).toEqual({
      ...open,
      update_at: 7_000,
      delete_at: 7_000,
    });
    expect(await find(word, false)).toEqual([]);
    expect(await store.setDeleteAt(causality, open.id, 8_000, 0)).toEqual({ ...open, update_at: 8_000 });
    expect(await store.setDeleteAt(causality, newId(), 8_000, 0)).toBeUndefined();
    const pictured = { ...open, update_at: 9_000, last_team_icon_update: 8_999 };
    expect(await store.setIcon(causality, open.id, 9_000, 8_999)).toEqual(pictured);
    expect(await store.byId(causality, open.id)).toEqual(pictured);
    expect(await store.setIcon(causality, newId(), 9_000, 8_999)).toBeUndefined();
  });

  it('makes members admins, those who are there', async () => {
    const team = await store.create(causality, named(`y-${newId()}`));
    const place = { teamId: team.id, userId: fixture.bob.id };
    expect(await store.setAdmin(causality, place, true)).toBeUndefined();
    await store.addMember(causality, { ...place, at: 2_000 });
    expect(await store.setAdmin(causality, place, true)).toMatchObject({ scheme_admin: true, scheme_user: true });
    expect(await store.setAdmin(causality, place, false)).toMatchObject({ scheme_admin: false, scheme_user: true });
    await store.removeMember(causality, { ...place, at: 3_000 });
    expect(await store.setAdmin(causality, place, true)).toBeUndefined();
  });
}
