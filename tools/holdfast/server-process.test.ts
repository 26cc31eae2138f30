import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { serverProgram, startServer } from './server-process.ts';

let project: string;
const at = (...names: string[]): string => join(project, ...names);

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'holdfast-built-'));
  for (const folder of ['server', 'dist/server']) mkdirSync(at(folder), { recursive: true });
  for (const file of ['server/main.ts', 'dist/server/main.js', 'dist/.server-built']) writeFileSync(at(file), '');
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** As if the build had been made an hour before (-1) or after (1) the sources. */
function buildAt(hours: number): void {
  const time = new Date(Date.now() + hours * 3_600_000);
  utimesSync(at('dist', '.server-built'), time, time);
}

it('is the build that is newer than every source', () => {
  buildAt(1);
  expect(serverProgram(project)).toEqual([at('dist', 'server', 'main.js')]);
});

it('is the sources where the build is older, unfinished or missing', () => {
  const sources = ['--import', 'tsx', at('server', 'main.ts')];
  buildAt(-1);
  expect(serverProgram(project)).toEqual(sources);
  // A build begins by removing the mark of the last one.
  rmSync(at('dist', '.server-built'));
  expect(serverProgram(project)).toEqual(sources);
  rmSync(at('dist'), { recursive: true });
  expect(serverProgram(project)).toEqual(sources);
});

it('leaves no listener on the end of our own process behind when it cannot start', async () => {
  const before = process.listenerCount('exit');
  await expect(startServer(at('missing.json'), project)).rejects.toThrow('before it listened');
  expect(process.listenerCount('exit')).toBe(before);
});
