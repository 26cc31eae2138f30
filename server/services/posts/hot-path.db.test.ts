import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Channel } from '../../../contract/index.ts';
import { countedDatabase, type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { silentLogger } from '../../observability/index.ts';
import { createChannelStore } from '../../stores/channels/index.ts';
import { createTeamStore } from '../../stores/teams/index.ts';
import { type ChatFixture, createChatFixture, testCausality } from '../../stores/testing/chat-fixture.ts';
import { createTestFiles } from '../files/testing/test-files.ts';
import { type Caller, type Chat, createChat, type OutgoingEvent } from '../index.ts';
import { createStores } from '../../stores/index.ts';
import { defaultGrants } from '../permissions/index.ts';

/** What a request costs is counted in calls of the database, each of which is one round trip. */
let opened: OpenTestDatabase;
let fixture: ChatFixture;
let channel: Channel;
let chat: Chat;
let calls: string[];
let events: OutgoingEvent[];
let now: number;
const files = createTestFiles();

beforeAll(async () => {
  opened = await openTestDatabase();
  fixture = await createChatFixture(opened.database);
  channel = await fixture.channel([fixture.ada, fixture.bob]);
});
afterAll(async () => {
  await opened?.stop();
  await files.remove();
});

beforeEach(() => {
  calls = [];
  events = [];
  now = Date.now();
  const database = countedDatabase(opened.database, (call) => void calls.push(call));
  chat = createChat({
    ...createStores(database),
    searchRules: () => ({ posts: true, files: true, silent: false }),
    fileGround: files,
    publisher: { publish: (event) => void events.push(event) },
    logger: silentLogger,
    now: () => now,
  });
});

const callerOf = (userId: string): Caller => ({
  userId,
  sessionId: 's',
  roles: ['system_user'],
  grants: defaultGrants,
  causality: testCausality(),
  requestId: '',
  address: '',
  connectionId: '',
});
const post = (message: string, rootId = '') =>
  chat.posts.create(callerOf(fixture.ada.id), { channel_id: channel.id, message, root_id: rootId }, true);
const costOf = async (act: () => Promise<unknown>): Promise<string[]> => {
  calls = [];
  await act();
  return calls;
};

it('a post costs one query for the channel and one for people on a cold server, and only the write on a warm one', async () => {
  const message = `hello @${fixture.bob.username} and @nobody`;
  expect(await costOf(() => post(message))).toEqual(['read', 'read', 'write']);
  expect(await costOf(() => post(message))).toEqual(['write']);
  expect(await costOf(() => post('@channel'))).toEqual(['write']);
  now += 30_001;
  expect(await costOf(() => post(message))).toEqual(['read', 'read', 'write']);
});

it('a reply asks once for its thread, and after it is saved for those who follow it', async () => {
  const root = JSON.parse(await post('root')) as { id: string };
  expect(await costOf(() => post('first', root.id))).toEqual(['read', 'write', 'read', 'read']);
});

it('posts that come together share their writes', async () => {
  await post('warm');
  const cost = await costOf(() => Promise.all(Array.from({ length: 50 }, (_, i) => post(`${i}`))));
  expect(cost).toEqual(['write']);
  expect(events.filter((event) => event.event === 'posted')).toHaveLength(51);
});

it('a page costs one query on a warm server', async () => {
  const page = { page: 0, perPage: 60, skipThreads: false };
  const read = () => chat.posts.list(callerOf(fixture.ada.id), channel.id, page);
  expect(await costOf(read)).toEqual(['read', 'read']);
  expect(await costOf(read)).toEqual(['read']);
});

it('a post with files costs one question more, and a page with them none', async () => {
  const ada = callerOf(fixture.ada.id);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a file');
  }
  const { receiving } = chat.attachments;
  const file = await receiving.receive(ada, 'a.txt', bytes());
  await receiving.finish(ada, [file], channel.id);
  const page = { page: 0, perPage: 60, skipThreads: false };
  const read = () => chat.posts.list(ada, channel.id, page);
  await read();
  await post('warm');
  const request = { channel_id: channel.id, file_ids: [file.id] };
  expect(await costOf(() => chat.posts.create(ada, request, true))).toEqual(['readLatest', 'write']);
  expect(await costOf(read)).toEqual(['read']);
  expect(await read()).toContain(`"files":[{"id":"${file.id}"`);
});

it('whoever was removed is refused at once, in spite of what is kept', async () => {
  const carl = await fixture.user('carl');
  const place = { channelId: channel.id, userId: carl.id };
  const teams = createTeamStore(opened.database);
  await teams.addMember(testCausality(), { teamId: fixture.team.id, userId: carl.id, at: 1 });
  await chat.channelMembers.add(callerOf(fixture.ada.id), place);
  const asCarl = () =>
    chat.posts.create(callerOf(carl.id), { channel_id: channel.id, message: 'may I?', root_id: '' }, true);
  await asCarl();
  await chat.channelMembers.remove(callerOf(fixture.ada.id), place);
  await expect(asCarl()).rejects.toMatchObject({ id: 'api.context.permissions.app_error' });
});

it('another server that removed a member is heard by the write itself', async () => {
  const dora = await fixture.user('dora');
  const channels = createChannelStore(opened.database);
  const place = { channelId: channel.id, userId: dora.id };
  await channels.addMember(testCausality(), { ...place, at: 1 });
  const asDora = () =>
    chat.posts.create(callerOf(dora.id), { channel_id: channel.id, message: 'may I?', root_id: '' }, true);
  await asDora();
  // Past this server's services, as another server would do it.
  await channels.removeMember(testCausality(), { ...place, at: 2 });
  await expect(asDora()).rejects.toMatchObject({ id: 'api.context.permissions.app_error' });
});
