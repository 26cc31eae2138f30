import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { testCausality } from '../testing/chat-fixture.ts';
import { createPreferenceStore, type PreferenceStore } from './index.ts';

/** What every engine's preference store does. */
export function preferenceStoreContract(open: () => Database): void {
  let store: PreferenceStore;
  const causality = testCausality();
  beforeAll(() => {
    store = createPreferenceStore(open());
  });
  const preference = (category: string, name: string, value: string) => ({ category, name, value });

  describe('preferences', () => {
    it('are kept, replaced and listed by category and name, each user on their own', async () => {
      const [user, other] = [newId(), newId()];
      const [b, a, theme] = [
        preference('show', 'b', '1'),
        preference('show', 'a', '2'),
        preference('look', 'x', '"ü"'),
      ];
      await store.save(causality, user, [b, a, theme]);
      await store.save(causality, other, [preference('show', 'a', 'other')]);
      const of = (p: typeof b) => ({ user_id: user, ...p });
      expect(await store.ofUser(causality, user)).toEqual([theme, a, b].map(of));
      expect(await store.ofCategory(causality, user, 'show')).toEqual([a, b].map(of));
      await store.save(causality, user, [preference('show', 'a', 'first'), preference('show', 'a', 'last')]);
      expect(await store.one(causality, user, a)).toEqual(of(preference('show', 'a', 'last')));
    });

    it('are removed by their whole key; removing what is not there changes nothing', async () => {
      const user = newId();
      await store.save(causality, user, [
        preference('a', 'x', '1'),
        preference('b', 'y', '2'),
        preference('a', 'y', '3'),
      ]);
      await store.remove(causality, user, [
        preference('a', 'x', ''),
        preference('b', 'x', ''),
        preference('c', 'y', ''),
      ]);
      const left = (await store.ofUser(causality, user)).map((p) => p.value);
      expect(left).toEqual(['3', '2']);
      expect(await store.one(causality, user, { category: 'a', name: 'x' })).toBeUndefined();
    });

    it('many writers of the same rows in different orders all get through', async () => {
      const user = newId();
      const rows = Array.from({ length: 30 }, (_, i) => preference('c', `n${i}`, 'v'));
      await Promise.all(
        [rows, [...rows].reverse(), rows, [...rows].reverse()].map((all) => store.save(causality, user, all)),
      );
      expect(await store.ofUser(causality, user)).toHaveLength(30);
    });
  });
}
