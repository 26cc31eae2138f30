import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Node's own server that gives the same bytes to everybody; in a process of its own, as the measured server is. */
export async function startBareServer(body: string): Promise<{ url: string; pid: number; stop: () => void }> {
  const child = fork(new URL('./bare-server.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  child.send(body);
  const [url] = (await once(child, 'message')) as [string];
  return { url, pid: child.pid ?? 0, stop: () => void child.kill() };
}
