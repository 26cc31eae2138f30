import type { Channel, ChannelMember } from '../../../contract/index.ts';
import type { ChannelStore } from '../../stores/channels/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { LruMap } from '../base/lru-map.ts';
import type { OutgoingEvent } from '../base/publisher.ts';
import { mayReadChannel, memberRoles, type Scope } from '../permissions/index.ts';

/** A channel and the caller's places in it and in its team. The channel's counters may be old. */
export interface ChannelAccess {
  readonly channel: Channel;
  readonly scope: Scope;
}

/** A rule that wants a channel, e.g. `mayPost`. */
export type ChannelRule = (caller: Caller, channel: Channel, scope: Scope) => boolean;

export interface ChannelAccessesDeps {
  readonly channels: Pick<ChannelStore, 'access'>;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

/** Other servers may share the database: what they change is seen this much later at the most. */
const KEEP_MS = 30_000;
const CHANNELS_MAX = 10_000;
const SCOPES_MAX = 50_000;

/**
 * What the rules ask about channels, kept in memory: a post or a page asks for it every time. Own writes are followed at
 * once by way of the events that tell of them; and where it matters most, the writing statement checks again.
 */
export class ChannelAccesses {
  readonly #channelStore: Pick<ChannelStore, 'access'>;
  readonly #now: () => number;
  readonly #channels = new LruMap<string, Kept<Channel>>(CHANNELS_MAX);
  readonly #scopes = new LruMap<string, Kept<Scope>>(SCOPES_MAX);
  /** Counts what was forgotten: what was read before that is not kept. */
  #forgotten = 0;

  constructor(deps: ChannelAccessesDeps) {
    this.#channelStore = deps.channels;
    this.#now = deps.now ?? Date.now;
  }

  /** Undefined when there is no such channel. */
  async find(caller: Caller, channelId: string): Promise<ChannelAccess | undefined> {
    const channel = this.#fresh(this.#channels.get(channelId));
    const scope = this.#fresh(this.#scopes.get(scopeKey(channelId, caller.userId)));
    if (channel !== undefined && scope !== undefined) return { channel, scope };
    return this.#load(caller, channelId);
  }

  /**
   * @throws AppError 404 when there is no such channel, 403 when `rule` says no.
   */
  async require(caller: Caller, channelId: string, rule: ChannelRule = mayReadChannel): Promise<ChannelAccess> {
    const access = await this.find(caller, channelId);
    if (access === undefined) throw new AppError('app.channel.get.existing.app_error');
    if (!rule(caller, access.channel, access.scope)) throw new AppError('api.context.permissions.app_error');
    return access;
  }

  /** Forgets what an event says to be different. To be called before anybody else hears of it. */
  apply(event: OutgoingEvent): void {
    const { event: name, data, to } = event;
    if (name === 'user_added' || name === 'user_removed') {
      const { user_id: userId = to.user_id, channel_id: channelId = to.channel_id } = data as {
        user_id?: string;
        channel_id?: string;
      };
      if (userId && channelId) this.#forget(this.#scopes, scopeKey(channelId, userId));
    } else if (name === 'added_to_team' || name === 'leave_team') {
      this.#forgetUser((data as { user_id: string }).user_id);
    } else if (name === 'memberrole_updated' && to.user_id) {
      this.#forgetUser(to.user_id);
    } else if (name === 'channel_member_updated' && to.user_id) {
      const { channel_id: channelId } = JSON.parse((data as { channelMember: string }).channelMember) as ChannelMember;
      this.#forget(this.#scopes, scopeKey(channelId, to.user_id));
    } else if (name === 'channel_updated') {
      this.#forgetChanged(JSON.parse((data as { channel: string }).channel) as Channel);
    } else if (name === 'channel_deleted' || name === 'channel_restored') {
      const channelId = (data as { channel_id?: string }).channel_id ?? to.channel_id;
      if (channelId) this.#forget(this.#channels, channelId);
    }
  }

  /** Forgets everything: it is asked for anew. */
  clear(): void {
    this.#forgotten += 1;
    for (const kept of [this.#channels, this.#scopes]) for (const [key] of kept.entries()) kept.delete(key);
  }

  async #load(caller: Caller, channelId: string): Promise<ChannelAccess | undefined> {
    const forgotten = this.#forgotten;
    const record = await this.#channelStore.access(caller.causality, channelId, caller.userId);
    if (record === undefined) return undefined;
    const { channel, member, teamMember } = record;
    const scope: Scope = {
      team: teamMember && { roles: memberRoles('team', { ...teamMember, explicit_roles: teamMember.roles }) },
      channel: member && { roles: memberRoles('channel', member) },
    };
    if (forgotten === this.#forgotten) {
      const until = this.#now() + KEEP_MS;
      this.#channels.set(channelId, { value: channel, until });
      this.#scopes.set(scopeKey(channelId, caller.userId), { value: scope, until });
    }
    return { channel, scope };
  }

  #fresh<T>(kept: Kept<T> | undefined): T | undefined {
    return kept !== undefined && kept.until > this.#now() ? kept.value : undefined;
  }

  #forget<T>(map: LruMap<string, T>, key: string): void {
    this.#forgotten += 1;
    map.delete(key);
  }

  /** In another team, other people have a place around the channel. */
  #forgetChanged({ id, team_id: teamId }: Channel): void {
    const isMoved = this.#channels.get(id)?.value.team_id !== teamId;
    this.#forget(this.#channels, id);
    if (!isMoved) return;
    for (const [key] of this.#scopes.entries()) {
      if (key.startsWith(id)) this.#scopes.delete(key);
    }
  }

  #forgetUser(userId: string): void {
    this.#forgotten += 1;
    for (const [key] of this.#scopes.entries()) {
      if (key.endsWith(userId)) this.#scopes.delete(key);
    }
  }
}

function scopeKey(channelId: string, userId: string): string {
  return `${channelId} ${userId}`;
}
