import type { Role } from '../../../contract/index.ts';
import type { Causality } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { RoleStore } from '../../stores/roles/index.ts';
import type { Grants } from '../base/grants.ts';
import { allPermissions } from '../permissions/index.ts';
import { makeBuiltInRoles } from './built-in-roles.ts';

export interface RoleBookDeps {
  readonly store: Pick<RoleStore, 'all' | 'insertMissing'>;
  /** A causality of nobody, for what the server writes by itself. */
  readonly detached: () => Causality;
  readonly log: Logger;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * What the roles bring, in memory: every request asks, and no request waits for it. Own changes are followed at once, those
 * of other servers by the next `refresh`. While the databases are away, what was known last is valid; and before anything
 * was read, what a new server would have.
 */
export class RoleBook {
  readonly #deps: RoleBookDeps;
  readonly #builtIn: readonly Role[];
  #roles: ReadonlyMap<string, Role>;
  #grants: Grants;
  /** Counts own changes: what was read before one of them is not taken. */
  #changes = 0;

  constructor(deps: RoleBookDeps) {
    this.#deps = deps;
    this.#builtIn = makeBuiltInRoles((deps.now ?? Date.now)());
    this.#roles = byName(this.#builtIn);
    this.#grants = grantsOf(this.#roles);
  }

  /** The same value until a role changes. */
  grants(): Grants {
    return this.#grants;
  }

  /** All of them, in the order of their names. */
  all(): Role[] {
    return [...this.#roles.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  byName(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  byId(id: string): Role | undefined {
    return this.all().find((role) => role.id === id);
  }

  /** A role as it has just been written. */
  replace(role: Role): void {
    this.#changes += 1;
    this.#take(new Map([...this.#roles, [role.name, withAll(role)]]));
  }

  /** Adds built-in roles that are missing in the database, and takes what is there. Never fails. For a timer. */
  async refresh(): Promise<void> {
    const changes = this.#changes;
    try {
      const found = byName(await this.#complete());
      if (changes === this.#changes) this.#take(found);
    } catch (error) {
      this.#deps.log.warn('roles.refresh_failed', { error });
    }
  }

  /** All roles of the database. Other servers may be doing the same at this moment. */
  async #complete(): Promise<Role[]> {
    const { store, detached } = this.#deps;
    const found = await store.all();
    const names = new Set(found.map((role) => role.name));
    const missing = this.#builtIn.filter((role) => !names.has(role.name));
    if (missing.length === 0) return found;
    await store.insertMissing(detached(), missing);
    return store.all();
  }

  #take(roles: ReadonlyMap<string, Role>): void {
    const grants = grantsOf(roles);
    this.#roles = roles;
    if (!sameGrants(grants, this.#grants)) this.#grants = grants;
  }
}

function byName(roles: readonly Role[]): ReadonlyMap<string, Role> {
  return new Map(roles.map((role) => [role.name, withAll(role)]));
}

/** System admins have also what is newer than the row. */
function withAll(role: Role): Role {
  if (role.name !== 'system_admin') return role;
  return { ...role, permissions: [...new Set([...allPermissions, ...role.permissions])] };
}

function grantsOf(roles: ReadonlyMap<string, Role>): Grants {
  return new Map([...roles].map(([name, role]) => [name, new Set(role.permissions)]));
}

function sameGrants(a: Grants, b: Grants): boolean {
  return a.size === b.size && [...a].every(([name, permissions]) => samePermissions(permissions, b.get(name)));
}

function samePermissions(a: ReadonlySet<string>, b: ReadonlySet<string> | undefined): boolean {
  return b !== undefined && a.size === b.size && [...a].every((permission) => b.has(permission));
}
