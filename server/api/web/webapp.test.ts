import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../observability/index.ts';
import { createApi } from '../http/index.ts';
import { stopServer } from '../testing/stop-server.ts';
import { createWebapp } from './index.ts';
import { defaultGrants } from '../../services/index.ts';

let folder: string;
let root: string;
let server: Server;
let port: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-webapp-'));
  root = join(folder, 'webapp');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  server = createApi({
    routes: [],
    sessions: { grants: () => defaultGrants, authenticate: () => undefined },
    causality: { of: () => ({ token: undefined, raise: () => undefined }) },
    log: silentLogger,
    versionId: () => '5.39.0',
    databaseMode: () => ({ mode: 'normal', reason: '', since: 0 }),
    web: createWebapp({ root, versionId: () => '5.39.0', secure: () => true }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterEach(async () => {
  await stopServer(server);
  rmSync(folder, { recursive: true });
});

function build(): void {
  mkdirSync(join(root, 'assets'), { recursive: true });
  const page = '<meta property="csp-nonce" nonce="__CSP_NONCE__"><script nonce="__CSP_NONCE__">x</script>';
  writeFileSync(join(root, 'index.html'), page);
  writeFileSync(join(root, 'favicon.svg'), '<svg/>');
  writeFileSync(join(root, 'assets', 'main-abc.js'), 'alert(1)');
  writeFileSync(join(root, 'assets', 'main-abc.js.br'), 'brotli');
  writeFileSync(join(root, 'assets', 'main-abc.js.gz'), 'gzip');
}

const get = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init);

/** What the server makes of a path that no client library would send as it is. */
function rawGet(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`));
    let text = '';
    socket
      .on('data', (chunk) => (text += chunk))
      .on('end', () => resolve(text))
      .on('error', reject);
  });
}

test('without a build the page says so, and with one it is served without a restart', async () => {
  const missing = await get('/');
  expect([missing.status, missing.headers.get('x-version-id')]).toEqual([503, '5.39.0']);
  expect(await missing.text()).toContain('not built');
  build();
  expect((await get('/')).status).toBe(200);
});

test('the page has a nonce of its own each time, in the policy and in the script, and is not kept', async () => {
  build();
  const pages = await Promise.all([get('/'), get('/team/channels/town-square'), get('/team/messages/@ann.b')]);
  const nonces = new Set<string>();
  for (const page of pages) {
    const policy = page.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    nonces.add(nonce);
    expect(policy).toContain("default-src 'self'");
    expect(await page.text()).toBe(`<meta property="csp-nonce" nonce="${nonce}"><script nonce="${nonce}">x</script>`);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(page.headers.get('x-version-id')).toBe('5.39.0');
    expect(page.headers.get('strict-transport-security')).toContain('max-age');
  }
  expect(nonces.size).toBe(3);
});

test('/index.html is the page as well, never the raw file', async () => {
  build();
  expect(await (await get('/index.html')).text()).not.toContain('__CSP_NONCE__');
});

test('assets are kept for ever, other files are asked about again', async () => {
  build();
  const asset = await get('/assets/main-abc.js', { headers: { 'accept-encoding': 'identity' } });
  expect(await asset.text()).toBe('alert(1)');
  expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(asset.headers.get('cache-control')).toContain('immutable');
  expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
  const icon = await get('/favicon.svg');
  expect(icon.headers.get('cache-control')).toBe('no-cache');
  const again = await get('/favicon.svg', { headers: { 'if-none-match': icon.headers.get('etag') ?? '' } });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('HEAD has the headers of GET and no body', async () => {
  build();
  for (const path of ['/', '/assets/main-abc.js']) {
    const [head, whole] = [await get(path, { method: 'HEAD' }), await get(path)];
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-type')).toBe(whole.headers.get('content-type'));
    await whole.arrayBuffer().catch(() => undefined);
  }
});

test('compressed files are sent to whoever takes them', async () => {
  build();
  const encodingFor = async (accepted: string) => {
    const raw = await rawGet(`/assets/main-abc.js HTTP/1.0\r\nAccept-Encoding: ${accepted}\r\nX:`);
    return { encoding: /Content-Encoding: (\w+)/.exec(raw)?.[1], body: raw.split('\r\n\r\n')[1] };
  };
  expect(await encodingFor('gzip, br')).toEqual({ encoding: 'br', body: 'brotli' });
  expect(await encodingFor('gzip')).toEqual({ encoding: 'gzip', body: 'gzip' });
  expect(await encodingFor('deflate')).toEqual({ encoding: undefined, body: 'alert(1)' });
});

test('what is not part of the build is not served, however it is written', async () => {
  build();
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '//secret.txt',
  ]) {
    expect(await rawGet(path)).not.toContain('secret');
  }
  for (const path of ['/assets/missing.js', '/missing.css', '/assets/main-abc.js.br', '/main.js%00.css']) {
    const answer = await get(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/json']);
  }
  expect((await get('/', { method: 'POST' })).status).toBe(404);
});
