import { beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../../contract/index.ts';
import { silentLogger } from '../../observability/index.ts';
import { allPermissions, defaultPermissions, roleNames } from '../permissions/index.ts';
import { makeBuiltInRoles } from './built-in-roles.ts';
import { RoleBook } from './role-book.ts';

/** The table as another server may have left it; `null` = the databases are away. */
let table: Role[] | null;
let meanwhile: () => void;
let book: RoleBook;

beforeEach(() => {
  table = makeBuiltInRoles(1);
  meanwhile = () => undefined;
  book = new RoleBook({
    store: {
      all: async () => {
        if (table === null) throw new Error('away');
        const found = [...table];
        meanwhile();
        return found;
      },
      insertMissing: async (_causality, roles) => void table?.push(...roles),
    },
    detached: () => ({ token: undefined, raise: () => undefined }),
    log: silentLogger,
  });
});

const patched = (name: string, permissions: string[]) => {
  const role = makeBuiltInRoles(1).find((one) => one.name === name) as Role;
  return { ...role, permissions };
};
const setInTable = (role: Role) => {
  table = (table ?? []).map((one) => (one.name === role.name ? role : one));
};
const userGrants = () => [...(book.grants().get('system_user') ?? [])];

describe('the book of the roles', () => {
  it('knows what a new server has before anything was read, and keeps to it while nothing can be', async () => {
    expect(book.all().map((role) => role.name)).toEqual([...roleNames].sort());
    table = null;
    await book.refresh();
    expect(userGrants()).toEqual(defaultPermissions.system_user);
  });

  it('adds what is missing in the table and leaves alone what is there', async () => {
    const other = patched('system_user', ['get_logs']);
    table = [other];
    await book.refresh();
    expect(table.map((role) => role.name).sort()).toEqual([...roleNames].sort());
    expect(userGrants()).toEqual(['get_logs']);
    expect(book.byId(other.id)).toEqual(other);
  });

  it('follows other servers, and keeps what it knew last while the databases are away', async () => {
    await book.refresh();
    setInTable(patched('system_user', ['get_logs']));
    await book.refresh();
    table = null;
    await book.refresh();
    expect(userGrants()).toEqual(['get_logs']);
  });

  it('gives the same value until something changes, and never changes one that was given', async () => {
    await book.refresh();
    const before = book.grants();
    await book.refresh();
    expect(book.grants()).toBe(before);
    book.replace(patched('system_user', []));
    expect(book.grants()).not.toBe(before);
    expect([...(before.get('system_user') ?? [])]).toEqual(defaultPermissions.system_user);
  });

  it('does not go back to what was read before an own change', async () => {
    meanwhile = () => book.replace(patched('system_user', ['get_logs']));
    await book.refresh();
    expect(userGrants()).toEqual(['get_logs']);
  });

  it('says that system admins have everything, whatever the table says', async () => {
    setInTable(patched('system_admin', ['of_a_later_version']));
    await book.refresh();
    expect(book.byName('system_admin')?.permissions).toEqual([...allPermissions, 'of_a_later_version']);
  });
});
