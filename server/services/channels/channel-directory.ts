import type { ChannelStore, DirectoryPage } from '../../stores/channels/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { ChannelAccesses } from '../channel-access/index.ts';
import { may } from '../permissions/index.ts';

export interface ChannelDirectoryDeps {
  readonly channels: ChannelStore;
  readonly access: ChannelAccesses;
}

/** A user's time zone, as clients keep it: all texts. */
interface Timezone {
  readonly useAutomaticTimezone?: string;
  readonly automaticTimezone?: string;
  readonly manualTimezone?: string;
}

const forbidden = () => new AppError('api.context.permissions.app_error');

/** Looking at channels beyond one team, and at who is in them. Lists go out as JSON text. */
export class ChannelDirectory {
  readonly #deps: ChannelDirectoryDeps;

  constructor(deps: ChannelDirectoryDeps) {
    this.#deps = deps;
  }

  /** Channels of all teams. */
  async ofAllTeams(caller: Caller, search: DirectoryPage): Promise<string> {
    if (!may(caller, 'sysconsole_read_user_management_channels')) throw forbidden();
    return this.#deps.channels.ofAllTeams(search);
  }

  /** The same as a page with the number of all. */
  async pageOfAllTeams(caller: Caller, search: DirectoryPage): Promise<string> {
    const [channels, count] = await Promise.all([
      this.ofAllTeams(caller, search),
      this.#deps.channels.countOfAllTeams(search),
    ]);
    return `{"channels":${channels},"total_count":${count}}`;
  }

  /** Channels that the caller may see, of all their teams. */
  ofOwnTeams(caller: Caller, search: DirectoryPage): Promise<string> {
    return this.#deps.channels.ofTeamsOf(caller.userId, search);
  }

  /** How many members each channel has; all of them must be visible to the caller. */
  async memberCounts(caller: Caller, ids: readonly string[]): Promise<Record<string, number>> {
    const counts = await this.#deps.channels.memberCounts(caller.causality, caller.userId, ids);
    if (!may(caller, 'read_channel') && counts.some(({ visible }) => !visible)) throw forbidden();
    return Object.fromEntries(counts.map(({ id, count }) => [id, count]));
  }

  /** There are no groups. */
  async memberCountsByGroup(caller: Caller, channelId: string): Promise<never[]> {
    await this.#deps.access.require(caller, channelId);
    return [];
  }

  /** The time zones in which there are members, each once. */
  async timezones(caller: Caller, channelId: string): Promise<string[]> {
    await this.#deps.access.require(caller, channelId);
    const texts = await this.#deps.channels.timezones(caller.causality, channelId);
    return [...new Set(texts.map(zoneOf).filter((zone) => zone !== ''))].toSorted();
  }
}

function zoneOf(text: string): string {
  const zone = JSON.parse(text) as Timezone;
  return (zone.useAutomaticTimezone === 'true' ? zone.automaticTimezone : zone.manualTimezone) ?? '';
}
