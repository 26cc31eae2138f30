import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../observability/index.ts';
import { type JournalOptions, openJournal } from './journal.ts';

interface Entry {
  id: number;
  text: string;
}

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-journal-'));
});
afterEach(() => rm(folder, { recursive: true }));

function options(changes: Partial<JournalOptions<Entry>> = {}): JournalOptions<Entry> {
  return {
    path: join(folder, 'deep', 'entries.jsonl'),
    keep: 3,
    keyOf: (entry) => entry.id,
    parse: (value) => (typeof value === 'object' && value !== null && 'id' in value ? (value as Entry) : undefined),
    logger: silentLogger,
    ...changes,
  };
}

test('what was put is there after a restart, in order, replaced entries at their place', async () => {
  const journal = await openJournal(options());
  journal.put({ id: 1, text: 'started' });
  journal.put({ id: 2, text: 'second' });
  journal.put({ id: 1, text: 'ended' });
  await journal.flush();

  const restarted = await openJournal(options());
  expect(restarted.entries()).toEqual([
    { id: 1, text: 'ended' },
    { id: 2, text: 'second' },
  ]);
});

test('only the newest are kept, in memory and after a restart', async () => {
  const journal = await openJournal(options());
  for (let id = 1; id <= 5; id += 1) journal.put({ id, text: '' });
  await journal.flush();
  expect(journal.entries().map((entry) => entry.id)).toEqual([3, 4, 5]);
  expect((await openJournal(options())).entries().map((entry) => entry.id)).toEqual([3, 4, 5]);
});

test('the file does not grow without end', async () => {
  const journal = await openJournal(options());
  for (let id = 1; id <= 100; id += 1) journal.put({ id, text: '' });
  await journal.flush();
  const lines = (await readFile(options().path, 'utf8')).trim().split('\n');
  expect(lines.length).toBeLessThanOrEqual(12);
  expect((await openJournal(options())).entries().map((entry) => entry.id)).toEqual([98, 99, 100]);
});

test('a line that a crash has cut, or that is of another shape, is skipped', async () => {
  const journal = await openJournal(options());
  journal.put({ id: 1, text: '' });
  await journal.flush();
  const whole = await readFile(options().path, 'utf8');
  await writeFile(options().path, `7\n${whole}{"id":2,"te`);
  expect((await openJournal(options())).entries()).toEqual([{ id: 1, text: '' }]);
});

test('a folder that cannot be written costs nothing but the history', async () => {
  await writeFile(join(folder, 'file'), '');
  const journal = await openJournal(options({ path: join(folder, 'file', 'entries.jsonl') }));
  journal.put({ id: 1, text: '' });
  await journal.flush();
  expect(journal.entries()).toEqual([{ id: 1, text: '' }]);
});
