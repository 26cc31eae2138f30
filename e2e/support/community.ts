import type { Channel, Team } from '../../contract/index.ts';
import { type Account, account, ApiClient, type Holdfast } from '../../tools/holdfast/index.ts';

/** Who and what most stories begin with: an admin, two people, a team, two channels that all three are in. */
export interface Community {
  readonly admin: ApiClient;
  readonly ann: ApiClient;
  readonly bob: ApiClient;
  readonly team: Team;
  /** `deck`, where people talk in browsers. */
  readonly channel: Channel;
  /** `engine`, where the same people's programs post by the API. */
  readonly engine: Channel;
}

export const ADMIN: Account = account('admin');
export const ANN: Account = account('ann');
export const BOB: Account = account('bob');

/** Makes them by the API, so that a story begins where it gets interesting. */
export async function createCommunity({ url }: Holdfast): Promise<Community> {
  const admin = await ApiClient.signUp(url, ADMIN);
  const team = await admin.createTeam('harbour');
  const channel = await admin.createChannel(team.id, 'deck');
  const engine = await admin.createChannel(team.id, 'engine');
  const [ann, bob] = await Promise.all([ApiClient.signUp(url, ANN), ApiClient.signUp(url, BOB)]);
  for (const member of [ann, bob]) {
    await member.joinTeam(team.id);
    await member.joinChannel(channel.id);
    await member.joinChannel(engine.id);
  }
  return { admin, ann, bob, team, channel, engine };
}
