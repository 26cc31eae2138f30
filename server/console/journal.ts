import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../observability/index.ts';

export interface JournalOptions<T> {
  readonly path: string;
  /** How many entries are kept, in memory and on disk; older ones are forgotten. */
  readonly keep: number;
  readonly keyOf: (entry: T) => string | number;
  /** Checks what was read from disk; `undefined` drops the line. */
  readonly parse: (value: unknown) => T | undefined;
  readonly logger: Logger;
}

/**
 * The newest entries of a kind, in memory and in a file of JSON lines: a history that needs no database. The memory is
 * the truth; a disk that is full or read-only costs the history after a restart, never the operation that is recorded.
 */
export interface Journal<T> {
  /** Oldest first. */
  entries(): T[];
  get(key: string | number): T | undefined;
  /** Adds the entry, or replaces the one with the same key at its place. Neither waits nor throws. */
  put(entry: T): void;
  /** As `put`, in memory only: for the states between the first and the last. */
  putInMemory(entry: T): void;
  /** Resolves when everything that was put is on disk, or has failed to get there. */
  flush(): Promise<void>;
}

/** Opens the journal at `path`, which need not exist. A line that cannot be read is skipped: a crash may cut the last one. */
export async function openJournal<T>(options: JournalOptions<T>): Promise<Journal<T>> {
  const entries = new Map<string | number, T>();
  const lines = await readLines(options);
  for (const line of lines) remember(entries, parseLine(line, options), options);
  const file = createWriter(options, lines.length, () => [...entries.values()]);
  return {
    entries: () => [...entries.values()],
    get: (key) => entries.get(key),
    put(entry) {
      remember(entries, entry, options);
      file.append(entry);
    },
    putInMemory: (entry) => remember(entries, entry, options),
    flush: file.flush,
  };
}

function remember<T>(entries: Map<string | number, T>, entry: T | undefined, options: JournalOptions<T>): void {
  if (entry === undefined) return;
  entries.set(options.keyOf(entry), entry);
  if (entries.size <= options.keep) return;
  const [oldest] = entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
}

function parseLine<T>(line: string, options: JournalOptions<T>): T | undefined {
  try {
    return options.parse(JSON.parse(line));
  } catch {
    options.logger.warn('journal.line_skipped', { path: options.path });
    return undefined;
  }
}

async function readLines<T>({ path, logger }: JournalOptions<T>): Promise<string[]> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if (!isMissing(error)) logger.warn('journal.unreadable', { path, reason: reasonOf(error) });
    return [];
  }
}

/** Appends one after the other, and writes the file anew when it holds four times what is kept. */
function createWriter<T>(options: JournalOptions<T>, linesAtStart: number, kept: () => T[]) {
  const { path, keep, logger } = options;
  let lines = linesAtStart;
  let queue: Promise<void> = Promise.resolve();

  const write = async (entry: T): Promise<void> => {
    if (lines < keep * 4) {
      await appendFile(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      lines += 1;
      return;
    }
    const newest = kept();
    await writeFile(`${path}.tmp`, newest.map((each) => `${JSON.stringify(each)}\n`).join(''), { mode: 0o600 });
    await rename(`${path}.tmp`, path);
    lines = newest.length;
  };

  return {
    append(entry: T): void {
      queue = queue
        .then(() => write(entry))
        .catch((error: unknown) => logger.warn('journal.unwritable', { path, reason: reasonOf(error) }));
    },
    flush: () => queue,
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
