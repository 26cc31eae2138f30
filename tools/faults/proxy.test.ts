import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createFaultProxy, type FaultProxy } from './index.ts';

let echo: Server;
let proxy: FaultProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await createFaultProxy({ targetPort: (echo.address() as AddressInfo).port });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

async function dial(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  clients.push(socket);
  socket.setEncoding('utf8');
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  const answer = once(socket, 'data') as Promise<[string]>;
  socket.write(text);
  return (await answer)[0];
}

/** Resolves with the error's code, or undefined for an orderly end. */
async function ending(socket: Socket): Promise<string | undefined> {
  let code: string | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
  return code;
}

test('pass carries bytes both ways and orderly ends', async () => {
  const socket = await dial();
  expect(await ask(socket, 'hello')).toBe('hello');
  socket.end('last words');
  expect(await once(socket, 'data')).toEqual(['last words']);
  expect(await ending(socket)).toBeUndefined();
  await expect.poll(() => proxy.connections).toBe(0);
});

test('latency delays and keeps the order, also when it ends', async () => {
  const socket = await dial();
  await proxy.set('latency', 40);
  const received: string[] = [];
  socket.on('data', (text: string) => received.push(text));
  const began = performance.now();
  socket.write('1');
  await once(socket, 'data');
  // Not an upper bound: that would be a matter of the machine's load.
  expect(performance.now() - began).toBeGreaterThanOrEqual(75);
  socket.write('2');
  await expect.poll(() => proxy.connections).toBe(1);
  await proxy.set('pass');
  socket.write('3');
  await expect.poll(() => received.join('')).toBe('123');
});

test('freeze holds everything and delivers it afterwards, to old and new connections', async () => {
  const old = await dial();
  await ask(old, 'before');
  await proxy.set('freeze');
  const fresh = await dial();
  const received: string[] = [];
  for (const socket of [old, fresh]) {
    socket.on('data', (text: string) => received.push(text));
    socket.write('held');
  }
  const direct = connect((echo.address() as AddressInfo).port, '127.0.0.1');
  clients.push(direct);
  direct.setEncoding('utf8');
  // A whole round trip beside the proxy: what was written before it would have come back by now.
  await ask(direct, 'beside');
  expect(received).toEqual([]);
  await proxy.set('pass');
  await expect.poll(() => received).toEqual(['held', 'held']);
});

test('blackhole loses bytes; at the end the touched connections break and the others live', async () => {
  const touched = await dial();
  const idle = await dial();
  await ask(touched, 'before');
  await ask(idle, 'before');
  await proxy.set('blackhole');
  const accepted = await dial();
  accepted.write('anybody?');
  touched.write('lost');
  const direct = connect((echo.address() as AddressInfo).port, '127.0.0.1');
  clients.push(direct);
  await ask(direct, 'beside');
  const endings = Promise.all([ending(touched), ending(accepted)]);
  await proxy.set('pass');
  expect(await endings).toEqual(['ECONNRESET', 'ECONNRESET']);
  expect(await ask(idle, 'after')).toBe('after');
});

test('reset breaks existing connections and each new one', async () => {
  const socket = await dial();
  await ask(socket, 'before');
  const ended = ending(socket);
  await proxy.set('reset');
  expect(await ended).toBe('ECONNRESET');
  // The reset may come before or after the client learns that it was accepted.
  const fresh = await dial().then(ending, (error: NodeJS.ErrnoException) => error.code);
  expect(fresh).toBe('ECONNRESET');
  await proxy.set('pass');
  expect(await ask(await dial(), 'after')).toBe('after');
});

test('refuse turns connections away and comes back on the same port', async () => {
  const { port } = proxy;
  await proxy.set('refuse');
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.set('pass');
  expect(proxy.port).toBe(port);
  expect(await ask(await dial(), 'after')).toBe('after');
});

test('a client that leaves takes its upstream connection along', async () => {
  const socket = await dial();
  await ask(socket, 'before');
  const [upstream] = await new Promise<[number]>((resolve) => echo.getConnections((_, count) => resolve([count])));
  expect(upstream).toBe(1);
  socket.resetAndDestroy();
  await expect.poll(() => new Promise((resolve) => echo.getConnections((_, count) => resolve(count)))).toBe(0);
  expect(proxy.connections).toBe(0);
});
