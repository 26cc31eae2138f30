import type { Channel } from '../../contract/index.ts';
import { account, ApiClient, type Holdfast, startHoldfast } from '../../tools/holdfast/index.ts';
import { withCluster } from './with-cluster.ts';

const USERS = 50;
const CHANNELS = 20;

/** A server with people in it. User i is a member of channel i modulo 20, and everybody is in the hot one. */
export interface Chat {
  readonly holdfast: Holdfast;
  readonly admin: ApiClient;
  readonly users: readonly ApiClient[];
  readonly channels: readonly Channel[];
  readonly hotChannel: Channel;
  readonly channelOf: (user: number) => Channel;
}

/** Runs `work` on a real server over a master and two replicas. */
export function withChat<T>(work: (chat: Chat) => Promise<T>): Promise<T> {
  return withCluster(2, async (cluster) => {
    const holdfast = await startHoldfast(cluster, { settings: { LogSettings: { ConsoleLevel: 'WARN' } } });
    try {
      return await work(await populate(holdfast));
    } finally {
      await holdfast.stop();
    }
  });
}

async function populate(holdfast: Holdfast): Promise<Chat> {
  const { url } = holdfast;
  const admin = await ApiClient.signUp(url, account('admin'));
  const team = await admin.createTeam('bench');
  const names = Array.from({ length: CHANNELS }, (_, index) => `channel-${index}`);
  const channels = await inTurn(names, (name) => admin.createChannel(team.id, name));
  const hotChannel = await admin.createChannel(team.id, 'hot');
  const channelOf = (user: number): Channel => channels[user % CHANNELS] ?? hotChannel;
  const numbers = Array.from({ length: USERS }, (_, index) => index);
  const users = await inTurn(numbers, async (number) => {
    const user = await ApiClient.signUp(url, account(`user-${number}`));
    await user.joinTeam(team.id);
    await user.joinChannel(channelOf(number).id);
    await user.joinChannel(hotChannel.id);
    return user;
  });
  return { holdfast, admin, users, channels, hotChannel, channelOf };
}

async function inTurn<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
