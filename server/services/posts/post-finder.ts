import type { PostInfo, Team } from '../../../contract/index.ts';
import type { FlaggedFilter, PostStore } from '../../stores/posts/index.ts';
import type { TeamStore } from '../../stores/teams/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { ChannelAccess, ChannelAccesses } from '../channel-access/index.ts';
import { may, mayReadChannel } from '../permissions/index.ts';

export interface PostFinderDeps {
  readonly posts: Pick<PostStore, 'byId' | 'flagged'>;
  readonly teams: Pick<TeamStore, 'byId'>;
  readonly access: ChannelAccesses;
}

const missing = () => new AppError('app.post.get.app_error');

/** Finds posts across channels. */
export class PostFinder {
  readonly #deps: PostFinderDeps;

  constructor(deps: PostFinderDeps) {
    this.#deps = deps;
  }

  /** What one has flagged oneself, as JSON text. */
  async flagged(caller: Caller, userId: string, filter: FlaggedFilter): Promise<string> {
    if (userId !== caller.userId) throw new AppError('api.context.permissions.app_error');
    return this.#deps.posts.flagged(caller.causality, userId, filter);
  }

  /** Where a post is. Whoever could not come there by themselves is told that it is not there. */
  async info(caller: Caller, id: string): Promise<PostInfo> {
    const { posts, teams, access } = this.#deps;
    const post = await posts.byId(caller.causality, id);
    if (post === undefined || post.deleteAt > 0) throw missing();
    const found = await access.find(caller, post.channelId);
    if (found === undefined) throw missing();
    const teamId = found.channel.team_id;
    const team = teamId === '' ? undefined : await teams.byId(caller.causality, teamId);
    if (!isOpen(caller, found, team)) throw missing();
    return infoOf(found, team);
  }
}

function infoOf({ channel, scope }: ChannelAccess, team: Team | undefined): PostInfo {
  return {
    channel_id: channel.id,
    channel_type: channel.type,
    channel_display_name: channel.display_name,
    has_joined_channel: scope.channel !== undefined,
    team_id: channel.team_id,
    team_type: team?.type ?? '',
    team_display_name: team?.display_name ?? '',
    has_joined_team: scope.team !== undefined && (scope.team.delete_at ?? 0) === 0,
  };
}

/** Members read; into an open channel of an open team everybody can come. */
function isOpen(caller: Caller, { channel, scope }: ChannelAccess, team: Team | undefined): boolean {
  if (mayReadChannel(caller, channel, scope)) return true;
  return channel.type === 'O' && team?.allow_open_invite === true && may(caller, 'join_public_teams', scope);
}
