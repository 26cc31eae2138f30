import type { Role } from '../../../contract/index.ts';
import { bind, type Causality, type Database, statement } from '../../database/index.ts';

type RoleRow = Omit<Role, 'permissions'> & { readonly permissions: string };

const SELECT = `SELECT r.id, r.name, r.displayname AS display_name, r.description, r.createat AS create_at,
    r.updateat AS update_at, r.deleteat AS delete_at, r.permissions, r.schememanaged AS scheme_managed,
    r.builtin AS built_in
  FROM roles r`;

const ALL = statement('roles.all', `${SELECT} WHERE r.deleteat = 0 ORDER BY r.name`);
const BY_ID = statement('roles.by_id', `${SELECT} WHERE r.id = $1`);
// In the order of the names, so that two servers that start at once wait for each other instead of deadlocking.
const INSERT_MISSING = statement(
  'roles.insert_missing',
  (sql) => `INSERT INTO roles
      (id, name, displayname, description, createat, updateat, deleteat, permissions, schememanaged, builtin)
    SELECT n.id, n.name, n.display_name, n.description, n.create_at, n.update_at, n.delete_at, n.permissions,
      n.scheme_managed, n.built_in
    FROM ${sql.rows(
      '$1',
      {
        id: 'text',
        name: 'text',
        display_name: 'text',
        description: 'text',
        create_at: 'bigint',
        update_at: 'bigint',
        delete_at: 'bigint',
        permissions: 'text',
        scheme_managed: 'boolean',
        built_in: 'boolean',
      },
      'n',
    )}
    ORDER BY n.name
    ${sql.orIgnore('roles', ['name'])}`,
);
const SET_PERMISSIONS = statement(
  'roles.set_permissions',
  (sql) => `UPDATE roles SET permissions = $2, updateat = ${sql.greatest('updateat', '$3')} WHERE id = $1`,
);

const REPEATABLE = { onUnknown: 'repeatable' } as const;

/** Keeps what the roles bring. Every method throws `DatabaseError` only. */
export class RoleStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All of them by name, from the master: they decide who may do what. */
  async all(): Promise<Role[]> {
    return (await this.#database.readLatest<RoleRow>(ALL)).map(roleOf);
  }

  /** Adds those whose names are not there. What is there stays as it is. */
  async insertMissing(causality: Causality, roles: readonly Role[]): Promise<void> {
    const rows = roles.map((role) => ({ ...role, permissions: role.permissions.join(' ') }));
    await this.#database.write(causality, bind(INSERT_MISSING, JSON.stringify(rows)), REPEATABLE);
  }

  /** Replaces what the role brings. Undefined when there is no such role. `now` in milliseconds since 1970. */
  async setPermissions(
    causality: Causality,
    id: string,
    permissions: readonly string[],
    now: number,
  ): Promise<Role | undefined> {
    const set = bind(SET_PERMISSIONS, id, permissions.join(' '), now);
    const answers = await this.#database.writeAll(causality, [set, bind(BY_ID, id)], REPEATABLE);
    const row = answers.at(-1)?.[0] as RoleRow | undefined;
    return row && roleOf(row);
  }
}

function roleOf(row: RoleRow): Role {
  return { ...row, permissions: row.permissions.split(' ').filter(Boolean) };
}

export function createRoleStore(database: Database): RoleStore {
  return new RoleStore(database);
}
