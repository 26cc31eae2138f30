import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, DatabaseError } from '../../database/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { silentLogger } from '../../observability/index.ts';
import { createStatusStore } from '../../stores/statuses/index.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { OutgoingEvent } from '../base/publisher.ts';
import { StatusService } from './status-service.ts';
import { defaultGrants } from '../permissions/index.ts';

const minute = 60_000;
let opened: OpenTestDatabase;
let isDown = false;
let saves = 0;
let now = 1_700_000_000_000;
let service: StatusService;
let events: OutgoingEvent[];

beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened?.stop());

/** The real database, behind a line that a test can cut. */
function cuttable(database: Database): Pick<Database, 'read' | 'readLatest' | 'write'> {
  const whenUp = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isDown) throw new DatabaseError('cut by the test', { kind: 'unreachable', outcome: 'not-executed' });
    return work();
  };
  return {
    read: (...args) => whenUp(() => database.read(...args)),
    readLatest: (...args) => whenUp(() => database.readLatest(...args)),
    write: (causality, bound, options) =>
      whenUp(() => {
        saves += bound.statement.name === 'statuses.save' ? 1 : 0;
        return database.write(causality, bound, options);
      }),
  };
}

function startService(): StatusService {
  return new StatusService({
    store: createStatusStore(cuttable(opened.database) as Database),
    publisher: { publish: (event) => void events.push(event) },
    detached: () => opened.causalities.detached(),
    awayAfterMs: () => 5 * minute,
    now: () => now,
    logger: silentLogger,
  });
}

beforeEach(() => {
  events = [];
  saves = 0;
  service = startService();
});
afterEach(async () => {
  isDown = false;
  await service.stop();
});

const callerOf = (userId: string): Caller => ({
  userId,
  sessionId: '',
  roles: ['system_user'],
  grants: defaultGrants,
  causality: opened.causalities.of(userId),
  requestId: '',
  address: '',
  connectionId: '',
});
const stranger = () => callerOf(newId());
const statusOf = async (userId: string) => (await service.get(stranger(), userId)).status;
/** What another server, or this one after a restart, knows. */
const afterRestart = async (userId: string) => (await startService().get(stranger(), userId)).status;
const changesOf = (userId: string) =>
  events.filter(({ to }) => to.user_id === userId).map(({ data }) => (data as { status: string }).status);

describe('presence', () => {
  it('follows the sockets: online, away after five minutes, back at work, offline', async () => {
    const ann = newId();
    expect(await statusOf(ann)).toBe('offline');
    service.connected(ann);
    expect(await statusOf(ann)).toBe('online');
    await service.turn();
    now += 5 * minute;
    await service.turn();
    expect(await statusOf(ann)).toBe('away');
    service.report(ann, true, false);
    expect(await statusOf(ann)).toBe('online');
    service.disconnected(ann);
    expect(await statusOf(ann)).toBe('offline');
    expect(changesOf(ann)).toEqual(['online', 'away', 'online', 'offline']);
  });

  it('is written lazily, many users in one statement, and is offline for good after the last socket', async () => {
    const users = Array.from({ length: 120 }, () => newId());
    for (const user of users) service.connected(user);
    expect(saves).toBe(0);
    await service.turn();
    expect(saves).toBe(1);
    expect(await afterRestart(users[7] ?? '')).toBe('online');
    for (const user of users) service.disconnected(user);
    await service.turn();
    expect(saves).toBe(2);
    expect(await afterRestart(users[7] ?? '')).toBe('offline');
    await service.turn();
    expect(saves).toBe(2);
  });

  it('counts posting and reading a channel as being at work', async () => {
    const ann = newId();
    const to = { user_id: ann };
    service.connected(ann);
    const restedThen = async (event: OutgoingEvent) => {
      now += 6 * minute;
      await service.turn();
      expect(await statusOf(ann)).toBe('away');
      service.observe(event);
      return statusOf(ann);
    };
    const posted = { post: JSON.stringify({ user_id: ann }), set_online: true } as never;
    expect(await restedThen({ event: 'posted', data: posted, to: {}, token: undefined })).toBe('online');
    const viewed = { channel_id: newId() };
    expect(await restedThen({ event: 'channel_viewed', data: viewed, to, token: undefined })).toBe('online');
  });

  it('calls nobody online who was so when a server crashed', async () => {
    const ann = newId();
    service.connected(ann);
    await service.turn();
    service = startService();
    await service.turn();
    expect(await statusOf(ann)).toBe('offline');
  });
});

describe('a choice', () => {
  it('is kept over coming, resting, leaving and a restart, until the user ends it', async () => {
    const ann = newId();
    service.connected(ann);
    await service.choose(callerOf(ann), ann, { status: 'dnd', dndEndTime: 0 });
    service.disconnected(ann);
    await service.turn();
    expect(await statusOf(ann)).toBe('dnd');
    service = startService();
    service.connected(ann);
    await service.turn();
    expect(await statusOf(ann)).toBe('dnd');
    await service.choose(callerOf(ann), ann, { status: 'online', dndEndTime: 0 });
    expect(await service.get(stranger(), ann)).toMatchObject({ status: 'online', manual: false });
    service.disconnected(ann);
    expect(await statusOf(ann)).toBe('offline');
  });

  it('of "do not disturb" ends at its time, here and for those who have left', async () => {
    const [here, gone] = [newId(), newId()];
    const dndEndTime = now / 1_000 + 60;
    for (const user of [here, gone]) {
      service.connected(user);
      await service.choose(callerOf(user), user, { status: 'dnd', dndEndTime });
    }
    service.disconnected(gone);
    await service.turn();
    expect(await service.get(stranger(), here)).toMatchObject({ status: 'dnd', dnd_end_time: dndEndTime });
    now += minute;
    expect([await statusOf(here), await statusOf(gone)]).toEqual(['online', 'offline']);
    await service.turn();
    expect(changesOf(here).at(-1)).toBe('online');
  });

  it('is refused for somebody else', async () => {
    const choice = service.choose(stranger(), newId(), { status: 'away', dndEndTime: 0 });
    await expect(choice).rejects.toMatchObject({ status: 403 });
  });
});

describe('while no database answers', () => {
  it('presence goes on, and what was missed is read and written afterwards', async () => {
    const [ann, ben] = [newId(), newId()];
    service.connected(ben);
    await service.choose(callerOf(ben), ben, { status: 'dnd', dndEndTime: 0 });
    service.disconnected(ben);
    await service.turn();
    isDown = true;
    service.connected(ann);
    service.connected(ben);
    await service.turn();
    expect(await statusOf(ann)).toBe('online');
    service.disconnected(ann);
    await service.turn();
    isDown = false;
    await service.turn();
    expect(await statusOf(ben)).toBe('dnd');
    expect(await afterRestart(ann)).toBe('offline');
  });
});
