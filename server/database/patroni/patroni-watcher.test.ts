import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../../tools/cluster/ports.ts';
import { systemClock } from '../clock.ts';
import { postgresDialect } from '../dialect/postgres.ts';
import type { LayerEvent } from '../events.ts';
import { Live } from '../lifecycle/live.ts';
import { member, snapshotOf } from '../testing/members.ts';
import { testSettings } from '../testing/test-settings.ts';
import { PatroniWatcher } from './patroni-watcher.ts';

const list = 'postgres://chat:secret@a:5432/chat,postgres://chat:secret@b:5432/chat';
const at = (name: string, role: string, host = name) => ({ name, role, state: 'running', host, port: 5432 });
const cluster = (...members: object[]) => ({ status: 200, body: JSON.stringify({ members }) });

interface Reply {
  readonly status: number;
  readonly body: string;
}

let servers: Server[];
let watcher: PatroniWatcher | undefined;
let checked: string[];
let remarks: string[];
let events: LayerEvent[];
beforeEach(() => {
  [servers, checked, remarks, events] = [[], [], [], []];
});
afterEach(async () => {
  watcher?.stop();
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A member's REST interface; `replies` by path, and nothing at all where there is none. */
async function rest(replies: () => Readonly<Record<string, Reply>>): Promise<string> {
  const server = createServer((request, response) => {
    const reply = replies()[request.url ?? ''];
    if (reply !== undefined) response.writeHead(reply.status).end(reply.body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function watch(urls: readonly string[]): Live {
  const snapshot = snapshotOf([member('a', 'master'), member('b', 'replica')]);
  const settings = testSettings(list, { PatroniUrls: urls });
  const live = new Live({ ...snapshot, settings }, systemClock, { reached: postgresDialect.reached });
  live.events.subscribe((event) => events.push(event));
  const monitor = { checkNow: (name: string) => void checked.push(name) };
  const mode = { remark: (_: string, text: string) => void remarks.push(text) };
  watcher = new PatroniWatcher({ live, clock: systemClock, monitor, mode });
  watcher.start();
  return live;
}
const state = () => watcher?.status();
const becomes = (expected: object) => expect.poll(state, { timeout: 10_000 }).toMatchObject(expected);

describe('PatroniWatcher', () => {
  it('is off without an address', () => {
    watch([]);
    expect(state()).toEqual({ state: 'off', text: '', checked_at: null });
  });

  it('tells what Patroni says, and changes nothing by it', async () => {
    const url = await rest(() => ({ '/cluster': cluster(at('pg-a', 'leader', 'a'), at('pg-b', 'replica', 'b')) }));
    const live = watch([url]);
    const before = live.current;
    await becomes({ state: 'answers', text: 'leader pg-a, 1 streaming' });
    expect([live.current, checked, events]).toEqual([before, [], []]);
  });

  it('has the databases asked at once when another one leads, and never believes it', async () => {
    const url = await rest(() => ({ '/cluster': cluster(at('pg-a', 'replica', 'a'), at('pg-b', 'leader', 'b')) }));
    const live = watch([url]);
    const before = live.current;
    await becomes({ text: 'leader pg-b, 1 streaming. The databases say that a:5432/chat is the master' });
    expect(checked).toEqual(['b:5432/chat', 'a:5432/chat']);
    expect(live.current).toBe(before);
  });

  it('looks at once, and often, when the master is in doubt', async () => {
    let leader = at('pg-a', 'leader', 'a');
    const url = await rest(() => ({ '/cluster': cluster(leader) }));
    const live = watch([url]);
    await becomes({ text: 'leader pg-a' });
    live.update('a:5432/chat', (before) => ({ ...before, health: 'suspect' }));
    leader = at('pg-b', 'leader', 'b');
    await expect.poll(() => checked, { timeout: 4_000 }).toContain('b:5432/chat');
    expect(remarks.at(-1)).toBe('Patroni: leader pg-b.');
  });

  it('asks the next one, and says why none answers', async () => {
    const broken = await rest(() => ({
      '/cluster': { status: 200, body: '{' },
      '/patroni': { status: 404, body: '' },
    }));
    let body = cluster(at('elsewhere', 'leader', 'x'));
    const good = await rest(() => ({ '/cluster': body, '/patroni': { status: 503, body: '[]' } }));
    const [closed = 0] = await findFreePorts(1);
    const live = watch([broken, good]);
    await becomes({ state: 'answers', text: 'leader elsewhere. x:5432 is no data source here' });
    body = { status: 500, body: 'no' };
    // A change of the settings has it look anew.
    live.publish({
      ...live.current,
      settings: testSettings(list, { PatroniUrls: [broken, good, `http://127.0.0.1:${closed}`] }),
    });
    await becomes({
      state: 'unreachable',
      text: expect.stringMatching(/is not one of Patroni; .*; 127\.0\.0\.1:\d+: .*ECONNREFUSED/),
    });
    expect(events.map(({ kind, severity }) => `${kind} ${severity}`)).toContain('patroni_unreachable warning');
    body = cluster(at('pg-a', 'leader', 'a'));
    live.publish({ ...live.current, settings: testSettings(list, { PatroniUrls: [good] }) });
    await becomes({ state: 'answers', text: 'leader pg-a' });
    expect(events.at(-1)).toMatchObject({ kind: 'patroni_answers', severity: 'info' });
  });

  it('gives up on one that does not answer in time', async () => {
    watch([await rest(() => ({}))]);
    await becomes({ state: 'unreachable', text: expect.stringMatching(/no answer within 2000 ms/) });
  });

  it('reads of a version without the list what the member says of itself', async () => {
    const itself = JSON.stringify({ role: 'master', state: 'running', patroni: { name: 'pg-a' }, pause: true });
    watch([await rest(() => ({ '/cluster': { status: 404, body: '' }, '/patroni': { status: 200, body: itself } }))]);
    await becomes({ state: 'answers' });
    expect(state()?.text).toBe('leader pg-a, paused: it promotes nobody until it is resumed');
  });
});
