import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { testCausality } from '../testing/chat-fixture.ts';
import { createStatusStore, type StatusStore, type StoredStatus } from './index.ts';

const status = (over: Partial<StoredStatus> = {}): StoredStatus => ({
  userId: newId(),
  status: 'online',
  manual: false,
  lastActivityAt: 1_700_000_000_000,
  dndEndTime: 0,
  previous: '',
  ...over,
});
const byUser = (list: readonly StoredStatus[]) => list.toSorted((a, b) => (a.userId < b.userId ? -1 : 1));

/** What every engine's status store does. */
export function statusStoreContract(open: () => Database): void {
  let store: StatusStore;
  const causality = testCausality();
  beforeAll(() => {
    store = createStatusStore(open());
  });

  describe('statuses', () => {
    it('come back as they were saved; who has none is left out', async () => {
      const saved = [
        status(),
        status({ status: 'dnd', manual: true, dndEndTime: 1_800_000_000, previous: 'away', lastActivityAt: 7 }),
      ];
      await store.save(causality, saved);
      const ids = [newId(), ...saved.map(({ userId }) => userId)];
      expect(byUser(await store.byIds(causality, ids))).toEqual(byUser(saved));
      expect(byUser(await store.latestByIds(ids))).toEqual(byUser(saved));
      expect(await store.byIds(causality, [])).toEqual([]);
    });

    it('are replaced as a whole', async () => {
      const first = status({ status: 'dnd', manual: true, dndEndTime: 5, previous: 'online' });
      const next = status({ userId: first.userId, status: 'offline', lastActivityAt: 9 });
      await store.save(causality, [first]);
      await store.save(causality, [next]);
      expect(await store.byIds(causality, [first.userId])).toEqual([next]);
    });

    it('of people who have chosen nothing become offline, the chosen ones stay', async () => {
      const online = status();
      const away = status({ status: 'away' });
      const chosen = status({ status: 'away', manual: true });
      await store.save(causality, [online, away, chosen]);
      await store.allOffline(causality);
      const after = await store.byIds(causality, [online.userId, away.userId, chosen.userId]);
      expect(byUser(after)).toEqual(byUser([{ ...online, status: 'offline' }, { ...away, status: 'offline' }, chosen]));
    });

    it('of the same people, written by several at once in different orders, all get through', async () => {
      const many = Array.from({ length: 200 }, () => status());
      const backwards = many.map((one) => ({ ...one, status: 'away' as const })).reverse();
      await Promise.all([many, backwards, many, backwards].map((all) => store.save(causality, all)));
      expect(
        await store.byIds(
          causality,
          many.map(({ userId }) => userId),
        ),
      ).toHaveLength(200);
    });
  });
}
