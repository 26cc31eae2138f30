import type { Role } from '../../../contract/index.ts';
import type { RoleStore } from '../../stores/roles/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { Grants } from '../base/grants.ts';
import type { Publisher } from '../base/publisher.ts';
import { checkChange } from './check-change.ts';
import { RoleBook, type RoleBookDeps } from './role-book.ts';

export interface RoleServiceDeps extends RoleBookDeps {
  readonly store: Pick<RoleStore, 'all' | 'insertMissing' | 'setPermissions'>;
  readonly publisher: Publisher;
}

/** Other servers may share the database: what they change is seen this much later at the most. */
const REFRESH_MS = 30_000;

/** What the roles are, what they bring, and who may change that. Answers come from memory. */
export class RoleService {
  readonly #deps: RoleServiceDeps;
  readonly #book: RoleBook;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: RoleServiceDeps) {
    this.#deps = deps;
    this.#book = new RoleBook(deps);
  }

  /** Reads the roles, and does so again from time to time. Never fails: see `RoleBook`. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), REFRESH_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  refresh(): Promise<void> {
    return this.#book.refresh();
  }

  /** What the roles bring at this moment; the same value until one of them changes. */
  grants(): Grants {
    return this.#book.grants();
  }

  all(): Role[] {
    return this.#book.all();
  }

  byId(id: string): Role {
    const role = this.#book.byId(id);
    if (role === undefined) throw new AppError('app.role.get.app_error');
    return role;
  }

  byName(name: string): Role {
    const role = this.#book.byName(name);
    if (role === undefined) throw new AppError('app.role.get_by_name.app_error');
    return role;
  }

  /** Those with these names, each once; unknown names are left out. */
  byNames(names: readonly string[]): Role[] {
    return [...new Set(names)].flatMap((name) => this.#book.byName(name) ?? []);
  }

  /** `permissions`: all that the role brings from now on; undefined = as before. */
  async patch(caller: Caller, id: string, permissions: readonly string[] | undefined): Promise<Role> {
    const role = this.byId(id);
    checkChange(caller, role, permissions ?? role.permissions);
    if (permissions === undefined) return role;
    const now = (this.#deps.now ?? Date.now)();
    const wanted = [...new Set(permissions)];
    const written = await this.#deps.store.setPermissions(caller.causality, id, wanted, now);
    if (written === undefined) throw new AppError('app.role.get.app_error');
    this.#book.replace(written);
    const changed = this.byId(id);
    this.#deps.publisher.publish({
      event: 'role_updated',
      data: { role: JSON.stringify(changed) },
      to: {},
      token: caller.causality.token,
    });
    return changed;
  }
}
