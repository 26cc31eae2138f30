import { beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { testCausality } from '../testing/chat-fixture.ts';
import { createRoleStore, type RoleStore } from './index.ts';

const roleNamed = (name: string, permissions: string[] = [], over: Partial<Role> = {}): Role => ({
  id: newId(),
  name,
  display_name: `The "${name}" ü`,
  description: '',
  create_at: 5,
  update_at: 5,
  delete_at: 0,
  permissions,
  scheme_managed: true,
  built_in: false,
  ...over,
});

/** What every engine's role store does. */
export function roleStoreContract(open: () => Database): void {
  let store: RoleStore;
  const causality = testCausality();
  const find = async (name: string) => (await store.all()).find((role) => role.name === name);
  beforeAll(() => {
    store = createRoleStore(open());
  });

  describe('roles', () => {
    it('are kept as they were given, in the order of their names', async () => {
      const [b, a] = [roleNamed('order_b', ['x', 'y']), roleNamed('order_a', [], { built_in: true })];
      await store.insertMissing(causality, [b, a]);
      const kept = (await store.all()).filter((role) => role.name.startsWith('order_'));
      expect(kept).toEqual([a, b]);
    });

    it('are added where their name is missing, and left alone where it is there', async () => {
      const [first, second] = [roleNamed('once', ['x']), roleNamed('added', ['z'])];
      await store.insertMissing(causality, [first]);
      await store.insertMissing(causality, [roleNamed('once', ['other']), second]);
      await store.insertMissing(causality, []);
      expect([await find('once'), await find('added')]).toEqual([first, second]);
    });

    it('are added once by many servers that start at the same moment', async () => {
      const names = Array.from({ length: 20 }, (_, i) => `same_${String(i).padStart(2, '0')}`);
      const rows = () => names.map((name) => roleNamed(name, ['p']));
      await Promise.all(
        [rows(), rows().reverse(), rows(), rows().reverse()].map((r) => store.insertMissing(causality, r)),
      );
      const kept = (await store.all()).filter((role) => role.name.startsWith('same_'));
      expect(kept.map((role) => role.name)).toEqual(names);
    });

    it('get other permissions, all at once; the time of it never runs backwards', async () => {
      const role = roleNamed('changed', ['x', 'y']);
      await store.insertMissing(causality, [role]);
      const changed = await store.setPermissions(causality, role.id, ['z', 'y'], 9);
      expect(changed).toEqual({ ...role, permissions: ['z', 'y'], update_at: 9 });
      expect(await find('changed')).toEqual(changed);
      expect(await store.setPermissions(causality, role.id, [], 7)).toMatchObject({ permissions: [], update_at: 9 });
      expect(await store.setPermissions(causality, newId(), ['x'], 9)).toBeUndefined();
    });

    it('that were deleted are not listed', async () => {
      await store.insertMissing(causality, [roleNamed('gone', ['x'], { delete_at: 3 })]);
      expect(await find('gone')).toBeUndefined();
    });
  });
}
