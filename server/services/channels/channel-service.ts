import type { Channel, ChannelStats, CreateChannelRequest, PatchChannelRequest } from '../../../contract/index.ts';
import type { ChannelStore } from '../../stores/channels/index.ts';
import type { TeamStore } from '../../stores/teams/index.ts';
import { AppError } from '../base/app-error.ts';
import { type Caller, isSystemAdmin } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { Publisher } from '../base/publisher.ts';
import {
  may,
  mayArchiveChannel,
  mayChangeChannel,
  mayCreateChannel,
  mayEditUser,
  mayReadChannel,
  memberRoles,
  type Permission,
  type Scope,
} from '../permissions/index.ts';
import type { People, SystemNote, SystemPosts } from '../posts/index.ts';
import type { ChannelAccesses } from '../channel-access/index.ts';
import { makeOnce, refuseTakenName } from './make-once.ts';

export interface ChannelServiceDeps {
  readonly channels: ChannelStore;
  readonly teams: Pick<TeamStore, 'member' | 'byName'>;
  readonly access: ChannelAccesses;
  readonly people: People;
  readonly notes: SystemPosts;
  readonly publisher: Publisher;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

export interface ListPage {
  readonly archived: boolean;
  readonly page: number;
  readonly perPage: number;
}

/** The channel that everybody of a team is in and nobody can leave. */
export const DEFAULT_CHANNEL = 'town-square';

const forbidden = () => new AppError('api.context.permissions.app_error');
const missing = () => new AppError('app.channel.get.existing.app_error');

/** Channels themselves. Lists go out as JSON text. */
export class ChannelService {
  readonly #deps: ChannelServiceDeps;
  readonly #now: () => number;

  constructor(deps: ChannelServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
  }

  /** Makes an open or private channel; the caller becomes its admin and first member. */
  async create(caller: Caller, request: CreateChannelRequest): Promise<Channel> {
    const scope = await this.#teamScope(caller, request.team_id);
    if (!mayCreateChannel(caller, { type: request.type }, scope)) throw forbidden();
    const channel = await refuseTakenName(
      this.#deps.channels.create(caller.causality, {
        id: newId(),
        createAt: this.#now(),
        teamId: request.team_id,
        type: request.type,
        name: request.name,
        displayName: request.display_name,
        header: request.header ?? '',
        purpose: request.purpose ?? '',
        creatorId: caller.userId,
        memberIds: [caller.userId],
      }),
    );
    this.#deps.publisher.publish({
      event: 'channel_created',
      data: { channel_id: channel.id, team_id: channel.team_id },
      to: { user_id: caller.userId },
      token: caller.causality.token,
    });
    await this.#deps.notes.post(caller, channel, { kind: 'join_channel', userId: caller.userId });
    return channel;
  }

  /** The direct channel of two users, made when it is not there yet; two who make it at once get the same. */
  async createDirect(caller: Caller, userIds: readonly [string, string]): Promise<Channel> {
    const [first, second] = userIds;
    if (!may(caller, 'create_direct_channel')) throw forbidden();
    if (caller.userId !== first && caller.userId !== second && !isSystemAdmin(caller)) throw forbidden();
    const { channels } = this.#deps;
    const name = [first, second].sort().join('__');
    const existing = await channels.byName(caller.causality, '', name);
    if (existing !== undefined) return existing;
    await this.#requireUsers(caller, userIds);
    return this.#makeDirect(caller, name, userIds);
  }

  async #makeDirect(caller: Caller, name: string, [first, second]: readonly [string, string]): Promise<Channel> {
    const memberIds = [...new Set([first, second])];
    const wanted = { id: newId(), createAt: this.#now(), type: 'D', name, displayName: '', memberIds } as const;
    const { channel, isNew } = await makeOnce(this.#deps.channels, caller, wanted);
    if (isNew) {
      this.#deps.publisher.publish({
        event: 'direct_added',
        data: { creator_id: first, teammate_id: second },
        to: { channel_id: channel.id },
        token: caller.causality.token,
      });
    }
    return channel;
  }

  async get(caller: Caller, id: string): Promise<Channel> {
    await this.#deps.access.require(caller, id);
    // The counters of the kept channel may be old.
    const channel = await this.#deps.channels.byId(caller.causality, id);
    if (channel === undefined) throw missing();
    return channel;
  }

  async getByName(caller: Caller, teamId: string, name: string, includeArchived: boolean): Promise<Channel> {
    const channel = await this.#deps.channels.byName(caller.causality, teamId, name.toLowerCase());
    if (channel === undefined || (channel.delete_at > 0 && !includeArchived)) throw missing();
    const access = await this.#deps.access.find(caller, channel.id);
    // A private channel's name is not confirmed to those who may not see it.
    if (access === undefined || !mayReadChannel(caller, channel, access.scope)) throw missing();
    return channel;
  }

  async getByTeamName(caller: Caller, team: string, name: string, includeArchived: boolean): Promise<Channel> {
    const found = await this.#deps.teams.byName(caller.causality, team.toLowerCase());
    if (found === undefined) throw new AppError('app.team.get.find.app_error');
    return this.getByName(caller, found.id, name, includeArchived);
  }

  /** Changes name, display name, header or purpose; of a direct channel only the header. */
  async patch(caller: Caller, id: string, patch: PatchChannelRequest): Promise<Channel> {
    const { channel } = await this.#deps.access.require(caller, id, mayChangeChannel);
    if (channel.delete_at > 0) throw new AppError('api.channel.archived.app_error');
    const isDirect = channel.type === 'D' || channel.type === 'G';
    const change = isDirect ? { header: patch.header } : patch;
    if (channel.name === DEFAULT_CHANNEL && patch.name !== undefined && patch.name !== channel.name) {
      throw new AppError('api.channel.delete.default.app_error', { params: { name: DEFAULT_CHANNEL } });
    }
    const changed = await this.#changed(caller, refuseTakenName(this.#patch(caller, id, change)));
    for (const note of notesOf(channel, changed)) await this.#deps.notes.post(caller, changed, note);
    return changed;
  }

  /** Makes an open channel private, or a private one open. */
  async setPrivacy(caller: Caller, id: string, type: 'O' | 'P'): Promise<Channel> {
    const permission = type === 'P' ? 'convert_public_channel_to_private' : 'convert_private_channel_to_public';
    const { channel } = await this.#deps.access.require(caller, id, (who, _channel, scope) =>
      may(who, permission, scope),
    );
    if (channel.type === 'D' || channel.type === 'G') throw new AppError('api.channel.direct_members.app_error');
    if (channel.name === DEFAULT_CHANNEL) {
      throw new AppError('api.channel.delete.default.app_error', { params: { name: DEFAULT_CHANNEL } });
    }
    const changed = await this.#changed(caller, this.#patch(caller, id, { type }));
    if (changed.type !== channel.type) {
      // Those of the team who are not in it see it come or go.
      const to = { team_id: channel.team_id };
      const data = { channel_id: id };
      this.#deps.publisher.publish({ event: 'channel_converted', data, to, token: caller.causality.token });
    }
    return changed;
  }

  async archive(caller: Caller, id: string): Promise<void> {
    const { channel } = await this.#deps.access.require(caller, id, mayArchiveChannel);
    if (channel.type === 'D' || channel.type === 'G') throw new AppError('api.channel.direct_members.app_error');
    if (channel.name === DEFAULT_CHANNEL) {
      throw new AppError('api.channel.delete.default.app_error', { params: { name: DEFAULT_CHANNEL } });
    }
    if (channel.delete_at > 0) return;
    await this.#deps.notes.post(caller, channel, { kind: 'channel_deleted' });
    const at = this.#now();
    await this.#deps.channels.setDeleteAt(caller.causality, id, at, at);
    this.#deps.publisher.publish({
      event: 'channel_deleted',
      data: { channel_id: id, delete_at: at },
      to: audienceOf(channel),
      token: caller.causality.token,
    });
  }

  async restore(caller: Caller, id: string): Promise<Channel> {
    await this.#deps.access.require(caller, id, (who, _channel, scope) => may(who, 'manage_team', scope));
    const channel = await this.#deps.channels.setDeleteAt(caller.causality, id, this.#now(), 0);
    if (channel === undefined) throw missing();
    this.#deps.publisher.publish({
      event: 'channel_restored',
      data: { channel_id: id },
      to: audienceOf(channel),
      token: caller.causality.token,
    });
    await this.#deps.notes.post(caller, channel, { kind: 'channel_restored' });
    return channel;
  }

  async stats(caller: Caller, id: string): Promise<ChannelStats> {
    await this.#deps.access.require(caller, id);
    return this.#deps.channels.stats(caller.causality, id);
  }

  /** The open channels of a team. */
  async openOfTeam(caller: Caller, teamId: string, page: ListPage): Promise<string> {
    await this.#requireTeam(caller, teamId);
    return this.#deps.channels.openOfTeam(caller.causality, teamId, page);
  }

  /** The private channels of a team; for admins. */
  async privateOfTeam(caller: Caller, teamId: string, page: ListPage): Promise<string> {
    if (!isSystemAdmin(caller)) throw forbidden();
    return this.#deps.channels.privateOfTeam(caller.causality, teamId, page);
  }

  async openByIds(caller: Caller, teamId: string, ids: readonly string[]): Promise<string> {
    await this.#requireTeam(caller, teamId, 'view_team');
    return this.#deps.channels.openByIds(caller.causality, teamId, ids);
  }

  /** Open channels, and the caller's private ones, that begin with `term`. */
  async search(
    caller: Caller,
    teamId: string,
    search: { term: string; archived: boolean; limit: number },
  ): Promise<string> {
    await this.#requireTeam(caller, teamId);
    return this.#deps.channels.search(caller.causality, { ...search, teamId, userId: caller.userId });
  }

  /** The user's channels, direct ones included; of one team when `teamId` is given. */
  async ofUser(caller: Caller, own: { userId: string; teamId?: string; archivedSince?: number }): Promise<string> {
    if (!mayEditUser(caller, own.userId)) throw forbidden();
    const { channels } = this.#deps;
    const { userId, teamId, archivedSince } = own;
    return teamId === undefined
      ? channels.ofUser(caller.causality, { userId, archivedSince })
      : channels.ofUserInTeam(caller.causality, { userId, archivedSince, teamId });
  }

  #patch(caller: Caller, id: string, change: Parameters<ChannelStore['patch']>[3]): Promise<Channel | undefined> {
    return this.#deps.channels.patch(caller.causality, id, this.#now(), change);
  }

  async #changed(caller: Caller, write: Promise<Channel | undefined>): Promise<Channel> {
    const channel = await write;
    if (channel === undefined) throw missing();
    this.#deps.publisher.publish({
      event: 'channel_updated',
      data: { channel: JSON.stringify(channel) },
      to: { channel_id: channel.id },
      token: caller.causality.token,
    });
    return channel;
  }

  async #requireUsers(caller: Caller, userIds: readonly string[]): Promise<void> {
    const ids = [...new Set(userIds)];
    const people = await this.#deps.people.byIds(caller.causality, ids);
    if (people.length < ids.length) throw new AppError('app.user.missing_account.const');
  }

  async #requireTeam(caller: Caller, teamId: string, permission: Permission = 'list_team_channels'): Promise<void> {
    const scope = await this.#teamScope(caller, teamId);
    if (!may(caller, permission, scope)) throw forbidden();
  }

  async #teamScope(caller: Caller, teamId: string): Promise<Scope> {
    const member = await this.#deps.teams.member(caller.causality, { teamId, userId: caller.userId });
    return { team: member && { roles: memberRoles('team', member), delete_at: member.delete_at } };
  }
}

/** Everybody of the team sees what becomes of an open channel; of a private one its members do. */
function audienceOf(channel: Channel): { team_id: string } | { channel_id: string } {
  return channel.type === 'O' ? { team_id: channel.team_id } : { channel_id: channel.id };
}

function notesOf(before: Channel, after: Channel): SystemNote[] {
  const notes: SystemNote[] = [];
  const add = (kind: 'header_change' | 'purpose_change' | 'displayname_change', from: string, to: string) => {
    if (from !== to) notes.push({ kind, from, to });
  };
  add('header_change', before.header, after.header);
  add('purpose_change', before.purpose, after.purpose);
  add('displayname_change', before.display_name, after.display_name);
  return notes;
}
