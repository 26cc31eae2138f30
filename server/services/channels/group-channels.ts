import { createHash } from 'node:crypto';
import { type Channel, limits } from '../../../contract/index.ts';
import type { ChannelStore } from '../../stores/channels/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import { may } from '../permissions/index.ts';
import type { Publisher } from '../base/publisher.ts';
import type { People } from '../posts/index.ts';
import { makeOnce } from './make-once.ts';

export interface GroupChannelsDeps {
  readonly channels: ChannelStore;
  readonly people: People;
  readonly publisher: Publisher;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Channels of three to eight users. */
export class GroupChannels {
  readonly #deps: GroupChannelsDeps;

  constructor(deps: GroupChannelsDeps) {
    this.#deps = deps;
  }

  /** The group channel of the users and the caller, made when it is not there yet. */
  async create(caller: Caller, userIds: readonly string[]): Promise<Channel> {
    const { channels } = this.#deps;
    if (!may(caller, 'create_group_channel')) throw new AppError('api.context.permissions.app_error');
    const members = [...new Set([...userIds, caller.userId])].toSorted();
    if (members.length < limits.groupMin || members.length > limits.groupMax) {
      throw new AppError('api.channel.create_group.bad_size.app_error', {
        params: { min: limits.groupMin, max: limits.groupMax },
      });
    }
    const name = createHash('sha1').update(members.join('')).digest('hex');
    const existing = await channels.byName(caller.causality, '', name);
    return existing ?? this.#make(caller, name, members);
  }

  /** The user's group channels in which, for every word of the term, somebody's name begins with it. */
  search(caller: Caller, term: string): Promise<string> {
    const words = term
      .split(/[\s,]+/)
      .map((word) => word.replace(/^@/, ''))
      .filter(Boolean);
    return this.#deps.channels.groupsWith(caller.causality, caller.userId, words.slice(0, limits.groupMax));
  }

  async #make(caller: Caller, name: string, memberIds: readonly string[]): Promise<Channel> {
    const { channels, now = Date.now } = this.#deps;
    const displayName = await this.#displayName(caller, memberIds);
    const wanted = { id: newId(), createAt: now(), type: 'G', name, displayName, memberIds } as const;
    const { channel, isNew } = await makeOnce(channels, caller, wanted);
    if (isNew) this.#announce(caller, channel.id, memberIds);
    return channel;
  }

  /** Its members' names, as far as there is room. */
  async #displayName(caller: Caller, memberIds: readonly string[]): Promise<string> {
    const people = await this.#deps.people.byIds(caller.causality, memberIds);
    if (people.length < memberIds.length) throw new AppError('app.user.missing_account.const');
    const names = people.map(({ username }) => username).toSorted();
    return names.join(', ').slice(0, limits.displayNameMax);
  }

  /** Brings the members into the channel, and so reaches them all. */
  #announce(caller: Caller, channelId: string, memberIds: readonly string[]): void {
    const data = { teammate_ids: JSON.stringify(memberIds) };
    const { token } = caller.causality;
    this.#deps.publisher.publish({ event: 'group_added', data, to: { channel_id: channelId }, token });
  }
}
