import { type ConfigStatus, configStatus } from '../../contract/index.ts';
import type { Logger } from '../observability/index.ts';
import { openJournal } from './journal.ts';

export type ReloadRecord = ConfigStatus['history'][number];

/** Every reload that was tried, with its actor and what it changed, and the starts with another configuration. Secrets are masked before they get here. */
export interface ReloadHistory {
  record(reload: ReloadRecord): void;
  /** Newest first. */
  list(): ReloadRecord[];
  flush(): Promise<void>;
}

const keep = 50;
const schema = configStatus.shape.history.element;

export async function openReloadHistory(path: string, logger: Logger): Promise<ReloadHistory> {
  let number = 0;
  const journal = await openJournal<ReloadRecord>({
    path,
    keep,
    // Two reloads may share a millisecond and an actor, so that nothing in a record tells it from all others.
    keyOf: () => ++number,
    parse: (value) => schema.safeParse(value).data,
    logger,
  });
  return { record: journal.put, list: () => journal.entries().reverse(), flush: journal.flush };
}
