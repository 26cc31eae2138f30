import type { Channel } from '../../../contract/index.ts';
import { DatabaseError } from '../../database/index.ts';
import { CHANNEL_NAME_INDEX, type ChannelStore, type NewChannel } from '../../stores/channels/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';

/** A channel whose name says who is in it. `isNew`: it was made just now, by this call. */
export interface MadeChannel {
  readonly channel: Channel;
  readonly isNew: boolean;
}

/** Makes a channel without a team, or finds the one of that name which somebody else has made at the same moment. */
export async function makeOnce(
  channels: Pick<ChannelStore, 'create' | 'latestByName'>,
  caller: Caller,
  wanted: Omit<NewChannel, 'teamId' | 'header' | 'purpose' | 'creatorId'>,
): Promise<MadeChannel> {
  const channel = { ...wanted, teamId: '', header: '', purpose: '', creatorId: caller.userId };
  try {
    return { channel: await channels.create(caller.causality, channel), isNew: true };
  } catch (error) {
    const made = isTakenName(error) ? await channels.latestByName('', wanted.name) : undefined;
    if (made === undefined) throw error;
    return { channel: made, isNew: false };
  }
}

function isTakenName(error: unknown): boolean {
  return error instanceof DatabaseError && error.kind === 'unique' && error.constraint === CHANNEL_NAME_INDEX;
}

export async function refuseTakenName<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (isTakenName(error)) throw new AppError('store.sql_channel.save_channel.exists.app_error', { cause: error });
    throw error;
  }
}
