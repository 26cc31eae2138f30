import type { Memberships } from './audience.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Broadcast, EventData } from '../../contract/index.ts';
import type { Caller, OutgoingEvent } from '../services/index.ts';
import type { Connection } from './connection.ts';
import { hubWith, identityOf, MemoryWire, settled } from './testing/index.ts';

type Setup = ReturnType<typeof hubWith>;

/** Opens a socket of a user and waits for its `hello`. */
async function join({ hub }: Setup, userId: string, over: Parameters<typeof identityOf>[1] = {}) {
  const wire = new MemoryWire();
  const socket = hub.open({ identity: identityOf(userId, over), wire });
  await settled();
  return { wire, ...socket, hello: wire.received[0]?.data as EventData<'hello'> };
}

const edited = (to: Partial<Broadcast>, post = '{}'): OutgoingEvent<'post_edited'> => ({
  event: 'post_edited',
  data: { post },
  to,
  token: undefined,
});
const typing = (to: Partial<Broadcast>): OutgoingEvent<'typing'> => ({
  event: 'typing',
  data: { parent_id: '', user_id: 'ann' },
  to,
  token: undefined,
});

const inBoth = { teamIds: ['red'], channels: [{ id: 'lobby', teamId: 'red' }] };

describe('a new connection', () => {
  it('is greeted with seq 0 and its id, and counts on from there', async () => {
    const setup = hubWith({ ann: inBoth });
    const { wire, connection } = await join(setup, 'ann');
    setup.hub.publish(edited({ channel_id: 'lobby' }));
    setup.hub.publish(edited({}));
    expect(wire.names).toEqual(['hello', 'post_edited', 'post_edited']);
    expect(wire.seqs).toEqual([0, 1, 2]);
    expect(wire.received[0]?.data).toMatchObject({ connection_id: connection.id, server_version: '5.39.0' });
  });

  it('receives nothing before hello, so that the state read after it is complete', async () => {
    const setup = hubWith({ ann: inBoth });
    const wire = new MemoryWire();
    setup.hub.open({ identity: identityOf('ann'), wire });
    setup.hub.publish(edited({}));
    await settled();
    expect(wire.names).toEqual(['hello']);
  });

  it('hears of the database mode right after hello when it is not normal', async () => {
    const setup = hubWith();
    setup.setMode({ mode: 'read-only', reason: 'the master is lost', since: 5 });
    const { wire } = await join(setup, 'ann');
    expect(wire.names).toEqual(['hello', 'database_mode']);
    expect(wire.received[1]?.data).toEqual({ mode: 'read-only', reason: 'the master is lost', since: 5 });
  });
});

describe('the scope of an event', () => {
  async function four() {
    const setup = hubWith({
      ann: inBoth,
      ben: inBoth,
      cat: { teamIds: ['red'], channels: [] },
      dan: {},
    });
    const users = ['ann', 'ben', 'cat', 'dan'] as const;
    const joined = await Promise.all(users.map((user) => join(setup, user)));
    const admin = await join(setup, 'dan', { roles: ['system_user', 'system_admin'] });
    const receivers = () =>
      [...users, 'admin'].filter((_, i) => [...joined, admin][i]?.wire.names.includes('post_edited'));
    return { ...setup, joined, receivers };
  }

  it.each<[string, Partial<Broadcast>, string[]]>([
    ['everybody', {}, ['ann', 'ben', 'cat', 'dan', 'admin']],
    ['a user, on all connections', { user_id: 'dan' }, ['dan', 'admin']],
    ['a channel', { channel_id: 'lobby' }, ['ann', 'ben']],
    ['a team', { team_id: 'red' }, ['ann', 'ben', 'cat']],
    ['a channel without its author', { channel_id: 'lobby', omit_users: { ann: true } }, ['ben']],
    ['a user, although a channel is named too', { user_id: 'dan', channel_id: 'lobby' }, ['dan', 'admin']],
    ['a channel, although a team is named too', { channel_id: 'lobby', team_id: 'red' }, ['ann', 'ben']],
    ['nobody, for an unknown channel', { channel_id: 'elsewhere' }, []],
  ])('is %s', async (_name, to, expected) => {
    const { hub, receivers } = await four();
    hub.publish(edited(to));
    expect(receivers()).toEqual(expected);
  });

  it('is admins only', async () => {
    const { hub, receivers } = await four();
    hub.publish({ ...edited({}), adminsOnly: true });
    expect(receivers()).toEqual(['admin']);
  });

  it('is everybody but admins', async () => {
    const { hub, receivers } = await four();
    hub.publish({ ...edited({ user_id: 'dan' }), exceptAdmins: true });
    expect(receivers()).toEqual(['dan']);
  });

  it('follows the roles of a user', async () => {
    const { hub, receivers } = await four();
    hub.publish({
      event: 'user_role_updated',
      data: { user_id: 'ben', roles: 'system_user system_admin' },
      to: { user_id: 'ben' },
      token: undefined,
    });
    hub.publish({ ...edited({}), adminsOnly: true });
    expect(receivers()).toEqual(['ben', 'admin']);
  });

  it('knows its caller by the roles of now, and by what they bring now', () => {
    const { hub } = hubWith();
    let grants: Caller['grants'] = new Map();
    const identity = { ...identityOf('ann'), grants: () => grants };
    const { connection } = hub.open({ identity, wire: new MemoryWire() });
    expect(connection.caller.grants).toBe(grants);
    grants = new Map([['system_user', new Set(['get_logs'])]]);
    const to = { user_id: 'ann' };
    hub.publish({
      event: 'user_role_updated',
      data: { user_id: 'ann', roles: 'system_manager' },
      to,
      token: undefined,
    });
    expect(connection.caller).toMatchObject({ userId: 'ann', roles: ['system_manager'] });
    expect(connection.caller.grants).toBe(grants);
  });

  it('is one connection, or all but one', async () => {
    const one = await four();
    one.hub.publish(edited({ connection_id: one.joined[1]?.connection.id ?? '', user_id: 'ann' }));
    expect(one.receivers()).toEqual(['ben']);
    const rest = await four();
    rest.hub.publish(edited({ channel_id: 'lobby', omit_connection_id: rest.joined[1]?.connection.id ?? '' }));
    expect(rest.receivers()).toEqual(['ann']);
  });
});

describe('memberships', () => {
  it('that are read anew change nothing for whoever is where they were', async () => {
    const known: Record<string, Partial<Memberships>> = { ann: inBoth, ben: inBoth };
    const setup = hubWith(known);
    const [ann, ben] = [await join(setup, 'ann'), await join(setup, 'ben')];
    known['ben'] = { teamIds: ['red'], channels: [] };
    setup.hub.refreshMemberships();
    setup.hub.publish(edited({ channel_id: 'lobby' }));
    await settled();
    expect([ann.wire.closedFor, ben.wire.closedFor]).toEqual([undefined, 'resync']);
    setup.hub.publish(edited({ channel_id: 'lobby' }));
    expect(ann.wire.names).toEqual(['hello', 'post_edited', 'post_edited']);
    expect(setup.hub.isInChannel('ann', 'lobby')).toBe(true);
  });

  const toLobby = edited({ channel_id: 'lobby' });

  it('follow a user into a channel and out of it; both times the user hears of it', async () => {
    const setup = hubWith();
    const { wire } = await join(setup, 'ann');
    const to = { channel_id: 'lobby' };
    setup.hub.publish({ event: 'user_added', data: { user_id: 'ann', team_id: 'red' }, to, token: undefined });
    setup.hub.publish(toLobby);
    setup.hub.publish({ event: 'user_removed', data: { user_id: 'ann', remover_id: 'ben' }, to, token: undefined });
    setup.hub.publish(toLobby);
    expect(wire.names).toEqual(['hello', 'user_added', 'post_edited', 'user_removed']);
  });

  it('follow the creator into a new channel and both people into a direct one', async () => {
    const setup = hubWith();
    const ann = await join(setup, 'ann');
    const ben = await join(setup, 'ben');
    setup.hub.publish({
      event: 'channel_created',
      data: { channel_id: 'lobby', team_id: 'red' },
      to: { user_id: 'ann' },
      token: undefined,
    });
    setup.hub.publish(toLobby);
    setup.hub.publish({
      event: 'direct_added',
      data: { creator_id: 'ann', teammate_id: 'ben' },
      to: { channel_id: 'ann__ben' },
      token: undefined,
    });
    setup.hub.publish(edited({ channel_id: 'ann__ben' }));
    expect(ann.wire.names).toEqual(['hello', 'channel_created', 'post_edited', 'direct_added', 'post_edited']);
    expect(ben.wire.names).toEqual(['hello', 'direct_added', 'post_edited']);
  });

  it('follow all members into a group channel, and nobody else', async () => {
    const setup = hubWith();
    const all = [await join(setup, 'ann'), await join(setup, 'ben'), await join(setup, 'cat')];
    const other = await join(setup, 'dan');
    const data = { teammate_ids: JSON.stringify(['ann', 'ben', 'cat']) };
    setup.hub.publish({ event: 'group_added', data, to: { channel_id: 'group' }, token: undefined });
    setup.hub.publish(edited({ channel_id: 'group' }));
    for (const { wire } of all) expect(wire.names).toEqual(['hello', 'group_added', 'post_edited']);
    expect(other.wire.names).toEqual(['hello']);
  });

  it('end for a whole team and its channels, and only those', async () => {
    const channels = [...inBoth.channels, { id: 'ann__ben', teamId: '' }];
    const setup = hubWith({ ann: { teamIds: ['red'], channels } });
    const { wire } = await join(setup, 'ann');
    setup.hub.publish({
      event: 'leave_team',
      data: { team_id: 'red', user_id: 'ann' },
      to: { team_id: 'red' },
      token: undefined,
    });
    setup.hub.publish(toLobby);
    setup.hub.publish(edited({ team_id: 'red' }));
    setup.hub.publish(edited({ channel_id: 'ann__ben' }));
    expect(wire.names).toEqual(['hello', 'leave_team', 'post_edited']);
  });

  it('take in what changed while they were being read', async () => {
    let answer = (_: { teamIds: string[]; channels: [] }): void => {};
    const setup = hubWith({}, { memberships: () => new Promise((resolve) => (answer = resolve)) });
    const { wire } = await join(setup, 'ann');
    setup.hub.publish({
      event: 'user_added',
      data: { user_id: 'ann', team_id: 'red' },
      to: { channel_id: 'lobby' },
      token: undefined,
    });
    answer({ teamIds: [], channels: [] });
    await settled();
    setup.hub.publish(toLobby);
    expect(wire.names).toEqual(['hello', 'post_edited']);
  });

  it('are read once for all sockets of a user', async () => {
    const memberships = vi.fn(async () => ({ teamIds: [], channels: [] }));
    const setup = hubWith({}, { memberships });
    await Promise.all([join(setup, 'ann'), join(setup, 'ann'), join(setup, 'ann')]);
    expect(memberships).toHaveBeenCalledTimes(1);
  });
});

describe('while no database answers', () => {
  afterEach(() => void vi.useRealTimers());

  it('a client is greeted all the same, and starts anew when its memberships are known at last', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearInterval'] });
    let isDown = true;
    const setup = hubWith(
      {},
      { memberships: async () => (isDown ? Promise.reject(new Error('down')) : { teamIds: [], channels: [] }) },
    );
    const { wire } = await join(setup, 'ann');
    expect(wire.names).toEqual([]);
    vi.advanceTimersByTime(2_000);
    setup.hub.publish(edited({}));
    expect(wire.names).toEqual(['hello', 'post_edited']);
    isDown = false;
    setup.hub.sweep();
    await settled();
    expect(wire.closedFor).toBe('resync');
    const again = await join(setup, 'ann');
    expect(again.wire.names).toEqual(['hello']);
  });
});

describe('a lost connection', () => {
  async function lost(events: number) {
    const setup = hubWith({ ann: inBoth });
    const first = await join(setup, 'ann');
    first.closed();
    for (let i = 0; i < events; i += 1) setup.hub.publish(edited({ channel_id: 'lobby' }, String(i)));
    const resume = { connectionId: first.connection.id, sequenceNumber: 1 };
    const comeBack = async (over: Partial<typeof resume> = {}, user = 'ann') => {
      const wire = new MemoryWire();
      const { connection } = setup.hub.open({ identity: identityOf(user), wire, resume: { ...resume, ...over } });
      await settled();
      return { wire, connection };
    };
    return { ...setup, first, comeBack };
  }

  it('goes on where it was: no hello, the missed events in order, then new ones', async () => {
    const { hub, comeBack, first } = await lost(3);
    const { wire, connection } = await comeBack();
    hub.publish(edited({}));
    expect(connection).toBe(first.connection);
    expect(wire.names).toEqual(['post_edited', 'post_edited', 'post_edited', 'post_edited']);
    expect(wire.seqs).toEqual([1, 2, 3, 4]);
    expect(wire.received.slice(0, 3).map(({ data }) => (data as EventData<'post_edited'>).post)).toEqual([
      '0',
      '1',
      '2',
    ]);
  });

  it('hears on its return what others of its user have read, but not who was typing', async () => {
    const { hub, comeBack } = await lost(0);
    hub.publish(typing({ channel_id: 'lobby' }));
    hub.publish({
      event: 'channel_viewed',
      data: { channel_id: 'lobby' },
      to: { user_id: 'ann' },
      token: undefined,
    });
    const { wire } = await comeBack();
    expect(wire.names).toEqual(['channel_viewed']);
    expect(wire.seqs).toEqual([1]);
  });

  it('misses the last 128 events without a loss, and starts anew after more', async () => {
    const enough = await lost(128);
    expect((await enough.comeBack()).wire.seqs).toEqual(Array.from({ length: 128 }, (_, i) => i + 1));
    const tooMany = await lost(129);
    const { wire, connection } = await tooMany.comeBack();
    expect(wire.names).toEqual(['hello']);
    expect(connection.id).not.toBe(tooMany.first.connection.id);
  });

  it.each([
    ['an unknown id', { connectionId: 'nobody' }, 'ann'],
    ['a number from the future', { sequenceNumber: 99 }, 'ann'],
    ['another user', {}, 'ben'],
  ])('is not given to %s', async (_name, over, user) => {
    const { comeBack, first } = await lost(1);
    const { wire, connection } = await comeBack(over, user);
    expect(wire.names).toEqual(['hello']);
    expect(connection).not.toBe(first.connection);
  });

  it('gives its place to the new socket when the old one is not known to be dead yet', async () => {
    const setup = hubWith({ ann: inBoth });
    const old = await join(setup, 'ann');
    const wire = new MemoryWire();
    setup.hub.open({
      identity: identityOf('ann'),
      wire,
      resume: { connectionId: old.connection.id, sequenceNumber: 1 },
    });
    expect(old.wire.closedFor).toBe('taken_over');
    old.closed();
    setup.hub.publish(edited({}));
    expect(wire.seqs).toEqual([1]);
    expect(setup.presence).toEqual(['+ann']);
  });

  it('is forgotten after five minutes', async () => {
    const { hub, clock, comeBack } = await lost(1);
    clock.now += 5 * 60_000 + 1;
    hub.sweep();
    expect(hub.stats().detached).toBe(0);
    expect((await comeBack()).wire.names).toEqual(['hello']);
  });

  it('is kept at most four times per user', async () => {
    const setup = hubWith();
    for (let i = 0; i < 9; i += 1) (await join(setup, 'ann')).closed();
    expect(setup.hub.stats().detached).toBe(4);
  });
});

describe('a socket that cannot keep up', () => {
  it('loses typing first, without a gap in the numbers', async () => {
    const setup = hubWith({ ann: inBoth });
    const { wire } = await join(setup, 'ann');
    wire.fullness = 0.5;
    setup.hub.publish(typing({ channel_id: 'lobby' }));
    setup.hub.publish(edited({ channel_id: 'lobby' }));
    expect(wire.names).toEqual(['hello', 'post_edited']);
    expect(wire.seqs).toEqual([0, 1]);
    expect(setup.hub.stats().droppedTotal).toBe(1);
  });

  it('is closed when its queue is full, and its client misses nothing by coming back', async () => {
    const setup = hubWith({ ann: inBoth });
    const { wire, connection } = await join(setup, 'ann');
    wire.fullness = 1;
    setup.hub.publish(edited({}, 'while full'));
    setup.hub.publish(edited({}, 'while away'));
    expect(wire.closedFor).toBe('slow');
    const back = new MemoryWire();
    setup.hub.open({
      identity: identityOf('ann'),
      wire: back,
      resume: { connectionId: connection.id, sequenceNumber: 1 },
    });
    expect(back.received.map(({ data }) => (data as EventData<'post_edited'>).post)).toEqual([
      'while full',
      'while away',
    ]);
  });
});

describe('an event for many', () => {
  it('is encoded once: every socket gets the same object', async () => {
    const setup = hubWith({ ann: inBoth, ben: inBoth });
    const ann = await join(setup, 'ann');
    const ben = await join(setup, 'ben');
    const toJson = vi.fn(() => 'text');
    setup.hub.publish(edited({ channel_id: 'lobby' }, { toJSON: toJson } as unknown as string));
    expect(ann.wire.encoded[1]).toBe(ben.wire.encoded[1]);
    expect(toJson).toHaveBeenCalledTimes(1);
  });

  it('reaches the others when one socket breaks, and the broken one when it is back', async () => {
    const setup = hubWith();
    const ann = await join(setup, 'ann');
    const ben = await join(setup, 'ben');
    ann.wire.send = () => {
      throw new Error('broken');
    };
    setup.hub.publish(edited({}));
    expect(ben.wire.names).toEqual(['hello', 'post_edited']);
    expect(ann.wire.closedFor).toBe('broken');
    const back = new MemoryWire();
    const resume = { connectionId: ann.connection.id, sequenceNumber: 1 };
    setup.hub.open({ identity: identityOf('ann'), wire: back, resume });
    expect(back.names).toEqual(['post_edited']);
  });
});

describe('sessions and presence', () => {
  it('a session that ends takes its connections along, lost ones too', async () => {
    const setup = hubWith();
    const here = await join(setup, 'ann', { sessionId: 's1' });
    const away = await join(setup, 'ann', { sessionId: 's1' });
    const other = await join(setup, 'ann', { sessionId: 's2' });
    away.closed();
    setup.hub.closeSession('s1');
    expect(here.wire.closedFor).toBe('session_ended');
    expect(other.wire.closedFor).toBeUndefined();
    expect(setup.hub.stats()).toMatchObject({ sockets: { memory: 1 }, detached: 0 });
    setup.hub.closeUser('ann');
    expect(other.wire.closedFor).toBe('session_ended');
  });

  it('a session that has expired must show itself again', async () => {
    const setup = hubWith();
    const { wire } = await join(setup, 'ann', { expiresAt: setup.clock.now + 10 });
    setup.hub.sweep();
    expect(wire.closedFor).toBeUndefined();
    setup.clock.now += 10;
    setup.hub.sweep();
    expect(wire.closedFor).toBe('resync');
  });

  it('whoever keeps the presence sees every event', async () => {
    const observe = vi.fn();
    const presence = { connected: () => {}, disconnected: () => {}, observe };
    const setup = hubWith({}, { presence });
    const event = edited({ channel_id: 'lobby' });
    setup.hub.publish(event);
    expect(observe).toHaveBeenCalledExactlyOnceWith(event);
  });

  it('a user is there from the first socket to the last', async () => {
    const setup = hubWith();
    const one = await join(setup, 'ann');
    const two = await join(setup, 'ann');
    one.closed();
    expect(setup.presence).toEqual(['+ann']);
    two.closed();
    two.closed();
    expect(setup.presence).toEqual(['+ann', '-ann']);
  });
});

describe('the state of the databases', () => {
  afterEach(() => void vi.useRealTimers());

  it('its mode goes to everybody, with how long to spread the retries', async () => {
    const setup = hubWith();
    const { wire } = await join(setup, 'ann');
    setup.hub.start();
    setup.setMode({ mode: 'normal', reason: '', since: 9 });
    setup.hub.stop();
    expect(wire.received[1]).toMatchObject({
      event: 'database_mode',
      data: { mode: 'normal', since: 9, spread_ms: 1 },
    });
    expect(wire.closedFor).toBe('stopping');
  });

  it('goes to watching admins at once and then every 500 ms, until they stop or leave', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const setup = hubWith();
    const admin = await join(setup, 'ann', { roles: ['system_admin'] });
    const idle = await join(setup, 'ben', { roles: ['system_admin'] });
    const watch = (connection: Connection, on: boolean) => setup.hub.watchDatabase(connection, on);
    watch(admin.connection, true);
    vi.advanceTimersByTime(1_000);
    expect(admin.wire.names).toEqual(['hello', 'database_status', 'database_status', 'database_status']);
    expect(idle.wire.names).toEqual(['hello']);
    watch(admin.connection, false);
    vi.advanceTimersByTime(1_000);
    expect(admin.wire.received).toHaveLength(4);
    watch(admin.connection, true);
    admin.closed();
    expect(vi.getTimerCount()).toBe(0);
  });
});
