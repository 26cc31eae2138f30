import type { PatchUserRequest, User, UserAutocomplete } from '../../../contract/index.ts';
import type { FullUser, UserFilter, UserStore } from '../../stores/users/index.ts';
import { AppError } from '../base/app-error.ts';
import { type Caller, isSystemAdmin } from '../base/caller.ts';
import type { Publisher } from '../base/publisher.ts';
import { may, mayEditUser, systemRoles } from '../permissions/index.ts';
import type { SessionService } from '../sessions/index.ts';
import { checkUsername, refuseTaken } from './account-service.ts';
import { type Privacy, presentUser, publicUser } from './present-user.ts';

export interface UserServiceDeps {
  readonly users: UserStore;
  readonly sessions: SessionService;
  readonly publisher: Publisher;
  readonly settings: () => Privacy & { readonly botsGoWithOwner: boolean };
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

const missing = () => new AppError('app.user.missing_account.const');
const forbidden = () => new AppError('api.context.permissions.app_error');
const isAdmin = (user: FullUser): boolean => user.roles.split(' ').includes('system_admin');

/** Looks users up, shows each caller what they may see, and changes accounts. */
export class UserService {
  readonly #deps: UserServiceDeps;
  readonly #now: () => number;

  constructor(deps: UserServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
  }

  async byId(caller: Caller, id: string): Promise<User> {
    return this.#shown(caller, await this.#deps.users.byId(caller.causality, id));
  }

  async byUsername(caller: Caller, username: string): Promise<User> {
    return this.#shown(caller, await this.#deps.users.byUsername(caller.causality, username.toLowerCase()));
  }

  /** Where addresses are hidden, asking by one is too: it would tell whose it is. */
  async byEmail(caller: Caller, email: string): Promise<User> {
    const found = await this.#deps.users.byEmail(caller.causality, email.toLowerCase());
    const allowed = isSystemAdmin(caller) || this.#deps.settings().showEmail || found?.id === caller.userId;
    if (!allowed) throw forbidden();
    return this.#shown(caller, found);
  }

  /** Those of the ids that exist; with `since` only those that changed after it. */
  async byIds(caller: Caller, ids: readonly string[], since: number | undefined): Promise<User[]> {
    return this.#allShown(caller, await this.#deps.users.byIds(caller.causality, ids, since));
  }

  async byUsernames(caller: Caller, usernames: readonly string[]): Promise<User[]> {
    const lower = usernames.map((name) => name.toLowerCase());
    return this.#allShown(caller, await this.#deps.users.byUsernames(caller.causality, lower));
  }

  /** A page of users by name. Teams and channels that the caller cannot see are refused. */
  async list(
    caller: Caller,
    filter: UserFilter,
    page: { limit: number; offset: number; newestFirst: boolean },
  ): Promise<User[]> {
    await this.#checkReach(caller, filter);
    return this.#allShown(caller, await this.#deps.users.list(caller.causality, filter, page));
  }

  async search(caller: Caller, filter: UserFilter, term: string, limit: number): Promise<User[]> {
    await this.#checkReach(caller, filter);
    const byEmail = isSystemAdmin(caller) || this.#deps.settings().showEmail;
    return this.#allShown(caller, await this.#deps.users.search(filter, term, { byEmail, limit }));
  }

  /** Completion of a mention: who is in the channel, and who else of the team could be taken in. */
  async autocomplete(
    caller: Caller,
    where: { inTeam: string | undefined; inChannel: string | undefined },
    name: string,
    limit: number,
  ): Promise<UserAutocomplete> {
    const active = { activity: 'active' } as const;
    await this.#checkReach(caller, where);
    const find = async (filter: UserFilter) =>
      this.#allShown(caller, await this.#deps.users.search(filter, name, { byEmail: false, limit }));
    if (where.inChannel === undefined) return { users: await find({ ...active, inTeam: where.inTeam }) };
    const [users, outOfChannel] = await Promise.all([
      find({ ...active, inChannel: where.inChannel }),
      where.inTeam === undefined ? [] : find({ ...active, inTeam: where.inTeam, notInChannel: where.inChannel }),
    ]);
    return { users, out_of_channel: outOfChannel };
  }

  /** The other members of those of the channels that are group channels of the caller, by channel. */
  async inGroupChannels(caller: Caller, channelIds: readonly string[]): Promise<Record<string, User[]>> {
    const found = await this.#deps.users.inGroupChannels(caller.causality, caller.userId, channelIds);
    const privacy = this.#deps.settings();
    const byChannel: Record<string, User[]> = {};
    for (const { channelId, user } of found) (byChannel[channelId] ??= []).push(presentUser(caller, user, privacy));
    return byChannel;
  }

  /** Ids of everybody who shares a channel with the caller. */
  known(caller: Caller): Promise<string[]> {
    return this.#deps.users.known(caller.causality, caller.userId);
  }

  async stats(): Promise<{ total_users_count: number }> {
    return { total_users_count: await this.#deps.users.count() };
  }

  async patch(caller: Caller, id: string, patch: PatchUserRequest): Promise<User> {
    await this.requireEditable(caller, id);
    if (patch.username !== undefined) checkUsername(patch.username);
    const changed = await refuseTaken(this.#deps.users.patch(caller.causality, id, patch, this.#now()));
    if (changed === undefined) throw missing();
    this.tellUpdated(caller, changed);
    return presentUser(caller, changed, this.#deps.settings());
  }

  /** The account with all that is in it. @throws AppError 404. */
  async existing(caller: Caller, id: string): Promise<FullUser> {
    const user = await this.#deps.users.byId(caller.causality, id);
    if (user === undefined) throw missing();
    return user;
  }

  /** Own account, or the right to change those of others; of an admin only admins change it. */
  async requireEditable(caller: Caller, id: string): Promise<void> {
    if (!mayEditUser(caller, id)) throw forbidden();
    if (caller.userId === id || may(caller, 'manage_system')) return;
    if (isAdmin(await this.existing(caller, id))) throw forbidden();
  }

  /** Notes when the picture was set; negative = it was taken away then. */
  async setPicture(caller: Caller, id: string, at: number): Promise<void> {
    const changed = await this.#deps.users.setPicture(caller.causality, id, at, this.#now());
    if (changed === undefined) throw missing();
    this.tellUpdated(caller, changed);
  }

  /** Takes somebody's address as theirs without a mail; for system admins. */
  async verifyEmail(caller: Caller, id: string): Promise<User> {
    if (!may(caller, 'manage_system')) throw forbidden();
    const changed = await this.#deps.users.verifyEmail(caller.causality, id, this.#now());
    if (changed === undefined) throw missing();
    this.tellUpdated(caller, changed);
    return presentUser(caller, changed, this.#deps.settings());
  }

  /** Deactivates or activates an account, its bots with it. Everybody may deactivate their own. */
  async setActive(caller: Caller, id: string, active: boolean): Promise<void> {
    const isOwn = caller.userId === id;
    if (!may(caller, 'sysconsole_write_user_management_users') && (!isOwn || active)) throw forbidden();
    const user = await this.existing(caller, id);
    if (!isOwn && isAdmin(user) && !may(caller, 'manage_system')) throw forbidden();
    if (!active) await this.keepAnAdmin(user);
    const bots = !active && this.#deps.settings().botsGoWithOwner ? await this.#deps.users.activeBotsOf(id) : [];
    await this.changeActive(caller, [user, ...bots], active);
  }

  /** The same for accounts about which the caller has been found to decide. */
  async changeActive(caller: Caller, users: readonly FullUser[], active: boolean): Promise<void> {
    const now = this.#now();
    const ids = users.map((user) => user.id);
    await this.#deps.users.setAllActive(caller.causality, ids, active, now);
    for (const user of users) {
      if (!active) this.#deps.sessions.userEnded(user.id);
      this.tellUpdated(caller, { ...user, update_at: now, delete_at: active ? 0 : now });
    }
  }

  /** `roles` are system roles separated by spaces. */
  async setRoles(caller: Caller, id: string, roles: string): Promise<void> {
    if (!may(caller, 'manage_roles')) throw forbidden();
    const names = roles.split(' ').filter(Boolean);
    if (!names.includes('system_user') || names.some((name) => !systemRoles.includes(name))) {
      throw new AppError('api.context.invalid_body_param.app_error', { params: { name: 'roles' } });
    }
    const user = await this.existing(caller, id);
    const becomesAdmin = names.includes('system_admin');
    if (becomesAdmin !== isAdmin(user) && !may(caller, 'assign_system_admin_role')) throw forbidden();
    if (!becomesAdmin) await this.keepAnAdmin(user);
    const kept = systemRoles.filter((name) => names.includes(name)).join(' ');
    await this.#deps.users.setRoles(caller.causality, id, kept, this.#now());
    this.#deps.sessions.userChanged(id);
    const { token } = caller.causality;
    this.#deps.publisher.publish({
      event: 'user_role_updated',
      data: { user_id: id, roles: kept },
      to: { user_id: id },
      token,
    });
  }

  #shown(caller: Caller, user: FullUser | undefined): User {
    if (user === undefined) throw missing();
    return presentUser(caller, user, this.#deps.settings());
  }

  #allShown(caller: Caller, users: readonly FullUser[]): User[] {
    const privacy = this.#deps.settings();
    return users.map((user) => presentUser(caller, user, privacy));
  }

  /** @throws AppError 403 for any team or channel of the filter that the caller cannot see: who is not there tells who is. */
  async #checkReach(caller: Caller, { inTeam, notInTeam, inChannel, notInChannel }: UserFilter): Promise<void> {
    await this.#checkPlaces(caller, inTeam || notInTeam, inChannel || notInChannel);
    await this.#checkPlaces(caller, inTeam && notInTeam, inChannel && notInChannel);
  }

  async #checkPlaces(caller: Caller, teamId = '', channelId = ''): Promise<void> {
    const teamIsOpen = teamId === '' || may(caller, 'view_team');
    const channelIsOpen = channelId === '' || may(caller, 'read_channel');
    if (teamIsOpen && channelIsOpen) return;
    const reach = await this.#deps.users.reach(caller.causality, caller.userId, teamId, channelId);
    if ((!teamIsOpen && !reach.team) || (!channelIsOpen && !reach.channel)) throw forbidden();
  }

  /** Refuses to take the last admin away: nobody could make one any more. */
  async keepAnAdmin(user: FullUser): Promise<void> {
    if (!isAdmin(user) || user.delete_at > 0 || user.is_bot === true) return;
    const admins = await this.#deps.users.admins();
    if (admins.every((id) => id === user.id)) throw new AppError('api.user.last_admin.app_error');
  }

  /** Tells of a changed account: the user all of it, everybody else what they may see. */
  tellUpdated(caller: Caller, user: FullUser): void {
    const { token } = caller.causality;
    const shown = publicUser(user, this.#deps.settings());
    const others = { omit_users: { [user.id]: true } };
    this.#deps.publisher.publish({ event: 'user_updated', data: { user: { ...shown } }, to: others, token });
    this.#deps.publisher.publish({
      event: 'user_updated',
      data: { user: { ...user } },
      to: { user_id: user.id },
      token,
    });
  }
}
