import type { Channel } from '../../../../contract/index.ts';
import { api, AppError, currentUser } from '../../client/index.ts';
import {
  byId,
  change,
  chatState,
  directPartner,
  emptyChatState,
  endStretch,
  takeAnswer,
  takeNews,
} from '../state/index.ts';
import { keepUsers, loadStatuses, needUsers } from './users.ts';

/** Where the start page looks for the team that was open last. */
const lastTeamKey = 'holdfast-last-team';

async function findTeam(name: string) {
  const team = (await api.teams.mine()).find((each) => each.name === name);
  if (team) return team;
  throw new AppError({ id: 'client.not_in_team', status: 404, message: 'You are not a member of this team.' });
}

function partnersOf(channels: readonly Channel[], myId: string): string[] {
  return channels.filter((channel) => channel.type === 'D').map((channel) => directPartner(channel, myId));
}

/** Reads the user's channels and what is unread in them. */
export async function refreshChannels(): Promise<void> {
  const { team, myId } = chatState();
  if (!team) return;
  const [channels] = await takeAnswer(
    () => Promise.all([api.channels.mine(team.id), api.channels.myMembers(team.id)]),
    ([all, members]) =>
      (state) =>
        state.team?.id === team.id
          ? {
              ...state,
              channels: byId(all),
              members: Object.fromEntries(members.map((each) => [each.channel_id, each])),
            }
          : state,
  );
  const partners = partnersOf(channels, myId);
  needUsers(partners);
  void loadStatuses([...partners, myId]);
}

/** The first members of a team: names that are mentioned, and suggestions while one is written. */
async function loadTeamMembers(teamId: string): Promise<void> {
  keepUsers(await api.users.inTeam(teamId).catch(() => []));
}

/** Opens a team: its channels and the user's place in each. Throws `AppError`. */
export async function openTeam(name: string): Promise<void> {
  const user = currentUser();
  keepUsers([user]);
  const team = await findTeam(name);
  const before = chatState();
  if (before.myId !== user.id || before.team?.id !== team.id) {
    endStretch();
    change(() => ({ ...emptyChatState(user.id), team }));
  }
  keepUsers([user]);
  await refreshChannels();
  void loadTeamMembers(team.id);
  localStorage.setItem(lastTeamKey, name);
}

/** Takes one channel of the user's over: after joining, creating, or an event that tells of it. */
export async function takeChannel(channelId: string): Promise<Channel> {
  const [channel, member] = await Promise.all([api.channels.byId(channelId), api.channels.myMember(channelId)]);
  takeNews((state) =>
    channel.team_id !== '' && channel.team_id !== state.team?.id
      ? state
      : {
          ...state,
          channels: { ...state.channels, [channel.id]: channel },
          members: { ...state.members, [channel.id]: member },
        },
  );
  const partners = partnersOf([channel], chatState().myId);
  needUsers(partners);
  void loadStatuses(partners);
  return channel;
}
