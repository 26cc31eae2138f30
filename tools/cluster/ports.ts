import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { randomInt } from 'node:crypto';

import { ClusterError } from './errors.ts';

// Below the range from which operating systems take the local ports of outgoing connections (32768 and up on Linux, 49152 and up
// elsewhere): a stopped node keeps its port number, and must find it free when it comes back.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const ATTEMPTS = 200;

/** Different ports that are free on 127.0.0.1 right now. */
export async function findFreePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  try {
    for (let attempt = 0; ports.length < count; attempt += 1) {
      if (attempt > ATTEMPTS) throw new ClusterError(`Found no ${count} free ports between ${LOWEST} and ${HIGHEST}.`);
      const port = randomInt(LOWEST, HIGHEST);
      const server = await tryListen(port);
      if (server === undefined) continue;
      held.push(server);
      ports.push(port);
    }
    return ports;
  } finally {
    await Promise.all(held.map(close));
  }
}

/** Whether somebody listens on the port of 127.0.0.1, or the system keeps it otherwise. */
export async function isPortTaken(port: number): Promise<boolean> {
  const server = await tryListen(port);
  if (server === undefined) return true;
  await close(server);
  return false;
}

async function tryListen(port: number): Promise<Server | undefined> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
