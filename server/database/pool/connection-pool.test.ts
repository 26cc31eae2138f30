import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { ScriptedConnector } from '../testing/scripted-connector.ts';
import { ConnectionPool } from './connection-pool.ts';

let clock: ManualClock;
let connector: ScriptedConnector;
let pool: ConnectionPool;
beforeEach(() => {
  clock = new ManualClock();
  connector = new ScriptedConnector();
  pool = new ConnectionPool({
    name: 'pg-a:5432/chat',
    connector,
    clock,
    maxConnections: 2,
    maxIdle: 2,
    idleMs: 60_000,
    lifetimeMs: 600_000,
    acquireTimeoutMs: 1_000,
  });
});

describe('silence', () => {
  it('counts from the oldest request that waits, or from the last answer to any', async () => {
    expect(pool.silenceMs(clock.now())).toBe(0);
    const first = await pool.acquire();
    await clock.advance(300);
    const second = await pool.acquire();
    expect(pool.silenceMs(clock.now())).toBe(300);
    pool.statistics.succeeded(clock.now(), 5, false);
    second.release(true);
    await clock.advance(40);
    expect(pool.silenceMs(clock.now())).toBe(40);
    first.release(true);
    expect(pool.silenceMs(clock.now())).toBe(0);
  });

  it('counts who waits for a connection', async () => {
    connector.open = () => new Promise(() => undefined);
    void pool.acquire().catch(() => undefined);
    await clock.advance(50);
    expect(pool.silenceMs(clock.now())).toBe(50);
  });
});

describe('lending', () => {
  it('opens on demand, up to the maximum, and lends the last returned first', async () => {
    const first = await pool.acquire();
    const second = await pool.acquire();
    expect(connector.opened).toHaveLength(2);
    first.release(true);
    second.release(true);
    expect((await pool.acquire()).connection).toBe(second.connection);
    expect(connector.opened).toHaveLength(2);
  });

  it('hands a returned connection to whoever waits longest', async () => {
    const [a] = [await pool.acquire(), await pool.acquire()];
    const order: string[] = [];
    const third = pool.acquire().then((lease) => (order.push('third'), lease));
    const fourth = pool.acquire().then(() => order.push('fourth'));
    a?.release(true);
    (await third).release(true);
    await fourth;
    expect(order).toEqual(['third', 'fourth']);
  });

  it('refuses with `overload` when nothing gets free in time', async () => {
    await pool.acquire();
    await pool.acquire();
    const late = pool.acquire().catch((error: unknown) => error);
    expect(pool.counts()).toMatchObject({ inUse: 2, waiting: 1, inFlight: 3 });
    await clock.advance(1_000);
    expect(await late).toMatchObject({ kind: 'overload', outcome: 'not-executed', source: 'pg-a:5432/chat' });
    expect(pool.counts().waiting).toBe(0);
  });

  it('passes on why a connection could not be opened, and recovers', async () => {
    connector.refuse = new Error('connect ECONNREFUSED');
    await expect(pool.acquire()).rejects.toThrow('ECONNREFUSED');
    connector.refuse = undefined;
    await expect(pool.acquire()).resolves.toBeDefined();
  });

  it('never lends a dead connection again', async () => {
    const lease = await pool.acquire();
    lease.release(false);
    expect((await pool.acquire()).connection).not.toBe(lease.connection);
    const idle = await pool.acquire();
    idle.release(true);
    idle.connection.destroy();
    expect((await pool.acquire()).connection).not.toBe(idle.connection);
  });

  it('opens another one for whoever waits when the first breaks at once', async () => {
    connector.breaking = 1;
    const waiting = pool.acquire();
    await settle();
    await clock.advance(200);
    expect((await waiting).connection).toBe(connector.opened[1]);
  });

  it('takes a lease back once only', async () => {
    const lease = await pool.acquire();
    lease.release(true);
    lease.release(true);
    expect(pool.counts()).toMatchObject({ idle: 1, inUse: 0 });
  });
});

describe('renewal', () => {
  it('replaces idle connections, and lent ones when they come back', async () => {
    const busy = await pool.acquire();
    const idle = await pool.acquire();
    idle.release(true);
    const renewal = pool.renew(10_000);
    await settle();
    expect(connector.opened[1]?.closed).toBe(true);
    expect(connector.opened[0]?.closed).toBe(false);
    busy.release(true);
    expect(await renewal).toBe(2);
    expect(connector.opened[0]?.closed).toBe(true);
    expect(pool.counts().idle).toBe(2);
    expect((await pool.acquire()).connection).not.toBe(busy.connection);
  });

  it('ends when the last connection that it waits for has broken', async () => {
    const busy = await pool.acquire();
    const renewal = pool.renew(10_000);
    busy.release(false);
    expect(await renewal).toBe(0);
  });

  it('keeps to its limit although every connection is there to be replaced', async () => {
    connector.closing = () => clock.advance(600);
    for (const lease of [await pool.acquire(), await pool.acquire()]) lease.release(true);
    expect(await pool.renew(500)).toBe(1);
  });

  it('does not keep a drain waiting for the connection that it took', async () => {
    const busy = await pool.acquire();
    const renewal = pool.renew(10_000);
    const drained = pool.drain(10_000);
    busy.release(true);
    expect(await drained).toBe(true);
    await renewal;
  });

  it('gives up on a connection that does not come back, and leaves it alone', async () => {
    const busy = await pool.acquire();
    const renewal = pool.renew(500);
    await clock.advance(500);
    expect(await renewal).toBe(0);
    busy.release(true);
    expect(pool.counts().idle).toBe(1);
  });
});

describe('the end', () => {
  it('drains when the last lease is back, lends nothing meanwhile', async () => {
    const lease = await pool.acquire();
    const drained = pool.drain(10_000);
    await expect(pool.acquire()).rejects.toMatchObject({ kind: 'closed', outcome: 'not-executed' });
    lease.release(true);
    expect(await drained).toBe(true);
    expect(connector.opened[0]?.closed).toBe(true);
  });

  it('answers waiting requests before it is drained', async () => {
    const [a, b] = [await pool.acquire(), await pool.acquire()];
    const waiting = pool.acquire();
    const drained = pool.drain(10_000);
    a?.release(true);
    (await waiting).release(true);
    b?.release(true);
    expect(await drained).toBe(true);
  });

  it('says when the limit has passed, and then cuts', async () => {
    const lease = await pool.acquire();
    const drained = pool.drain(1_000);
    await clock.advance(1_000);
    expect(await drained).toBe(false);
    pool.close();
    expect(lease.connection.usable).toBe(false);
  });

  it('cuts all sockets at once when its database is silent, and opens new ones after', async () => {
    const lease = await pool.acquire();
    pool.cut();
    expect(lease.connection.usable).toBe(false);
    lease.release(false);
    expect((await pool.acquire()).connection.usable).toBe(true);
  });
});

describe('pruning', () => {
  it('closes what was idle for too long but keeps one, and what lives too long', async () => {
    const [a, b] = [await pool.acquire(), await pool.acquire()];
    a?.release(true);
    b?.release(true);
    await clock.advance(60_001);
    pool.prune();
    expect(pool.counts().idle).toBe(1);
    await clock.advance(600_000);
    pool.prune();
    expect(pool.counts().idle).toBe(0);
  });
});
