/** The published types of Mattermost that the contract is held against, under one roof. */
export type { CategorySorting, ChannelCategory, OrderedChannelCategories } from '@mattermost/types/channel_categories';
export type {
  ChannelMembership,
  ChannelStats,
  ChannelViewResponse,
  ServerChannel,
} from '@mattermost/types/channels';
export type { FileInfo } from '@mattermost/types/files';
export type { Post, PostList, PostMetadata } from '@mattermost/types/posts';
export type { PreferenceType } from '@mattermost/types/preferences';
export type { Reaction } from '@mattermost/types/reactions';
export type { Team, TeamMembership, TeamUnread } from '@mattermost/types/teams';
export type { UserProfile, UserStatus } from '@mattermost/types/users';
