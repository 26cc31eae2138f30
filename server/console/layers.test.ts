import { expect, test } from 'vitest';
import type { ConfigSnapshot } from '../config/index.ts';
import { parseSqlSettings } from '../database/index.ts';
import { createLayers, type LayersDeps } from './layers.ts';

const nameOf = (host: string): string => `${host}:5432/chat`;

function snapshot(version: number, ...hosts: string[]): ConfigSnapshot {
  const DataSource = hosts.map((host) => `postgres://chat:secret@${host}:5432/chat`).join(',');
  const parsed = parseSqlSettings({ DriverName: 'postgres', DataSource });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return { version, sha: `${version}`, at: 0, database: parsed.settings } as unknown as ConfigSnapshot;
}

test('a followed promotion is told as long as the file names another master, with the order to write', async () => {
  let running = snapshot(1, 'pg-a', 'pg-b', 'pg-c');
  let master = 'pg-a';
  let layer: { sha: string } | null = null;
  let fileNames: string | null = null;
  const deps = {
    config: {
      running: () => running,
      disk: async () => ({ file: {}, layer, changes: [], master: fileNames }),
      poolChanges: (from: ConfigSnapshot, to: ConfigSnapshot) => (from === to ? [] : [{}]),
      environment: () => [],
    },
    control: { status: () => ({ generation: 1, generation_since: 0, sources: [{ name: nameOf(master) }] }) },
    reloads: { list: () => [] },
    kept: { list: async () => [] },
  };
  const layers = createLayers(deps as unknown as LayersDeps);
  const followed = async () => (await layers.status()).layers.live.followed;
  expect(await followed()).toBeNull();

  master = 'pg-b';
  const told = await followed();
  expect(told).toMatchObject({ configured: nameOf('pg-a'), master: nameOf('pg-b') });
  expect(told?.data_source.split(',').map((entry) => entry.split('@')[1])).toEqual(
    ['pg-b', 'pg-a', 'pg-c'].map(nameOf),
  );
  expect(told?.data_source).not.toContain('secret');
  expect(told?.text).toContain('have pg-b:5432/chat written to it in the System Console');

  // The admin did so and reloaded: only the recycle is left.
  running = snapshot(2, 'pg-b', 'pg-a', 'pg-c');
  expect(await followed()).toBeNull();
  expect(layers.recycleNeeded()).toBe(true);
  layers.adopt(running);
  expect(await followed()).toBeNull();

  // A switchover that could not write the file: what runs was not read from it.
  layer = { sha: running.sha };
  fileNames = nameOf('pg-a');
  expect(await followed()).toMatchObject({ configured: nameOf('pg-a'), master: nameOf('pg-b') });
  // A file that somebody edits is theirs.
  layer = { sha: 'edited' };
  expect(await followed()).toBeNull();
});
