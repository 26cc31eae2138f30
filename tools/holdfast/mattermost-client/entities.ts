import type { OrderedChannelCategories, ChannelCategory } from '@mattermost/types/channel_categories';
import type {
  ChannelMembership,
  ChannelNotifyProps,
  ChannelStats,
  ChannelUnread,
  ChannelViewResponse,
  ChannelWithTeamData,
  ServerChannel,
} from '@mattermost/types/channels';
import type { StatusOK } from '@mattermost/types/client4';
import type { FileInfo } from '@mattermost/types/files';
import type { PostMetadata, Post, PaginatedPostList, PostList } from '@mattermost/types/posts';
import type { PreferenceType } from '@mattermost/types/preferences';
import type { Reaction } from '@mattermost/types/reactions';
import type { Role } from '@mattermost/types/roles';
import type { Session } from '@mattermost/types/sessions';
import type { Team, TeamMembership, TeamUnread } from '@mattermost/types/teams';
import type { UserNotifyProps, UserProfile, UserStatus, UserTimezone } from '@mattermost/types/users';
import {
  anything,
  asServed,
  flag,
  id,
  int,
  leftOut,
  list,
  mapOf,
  neverSent,
  object,
  oneOf,
  orNull,
  type Shape,
  text,
} from './shape.ts';

/**
 * What the published types promise of the things of the chat, as values that a running test can hold an answer against.
 * Where Mattermost's own server keeps a promise of the types loosely, the field says so: `leftOut`, `orNull`.
 */

export const ok: Shape<StatusOK> = object<StatusOK>({ status: oneOf('OK') });

/** The types name each value; texts on both sides is what every client needs. */
const settings = <T>(): Shape<T> => asServed(mapOf(text));

export const userAlways = {
  id,
  create_at: int,
  update_at: int,
  delete_at: int,
  username: text,
  password: leftOut(oneOf('')),
  auth_service: text,
  email: text,
  nickname: text,
  first_name: text,
  last_name: text,
  position: text,
  roles: text,
  props: leftOut(mapOf(text)),
  notify_props: leftOut(settings<UserNotifyProps>()),
  last_password_update: leftOut(int),
  last_picture_update: leftOut(int),
  locale: text,
  mfa_active: leftOut(flag),
  last_activity_at: leftOut(int),
  is_bot: leftOut(flag),
  bot_description: leftOut(text),
  terms_of_service_id: leftOut(text),
  terms_of_service_create_at: leftOut(int),
};
export const userSometimes = {
  auth_data: oneOf(''),
  timezone: settings<UserTimezone>(),
  remote_id: text,
  status: neverSent,
  custom_profile_attributes: neverSent,
  failed_attempts: int,
};
export const user = object<UserProfile>(userAlways, userSometimes);

export const status = object<UserStatus>(
  { user_id: id, status: oneOf('online', 'away', 'dnd', 'offline') },
  { manual: flag, last_activity_at: int, active_channel: text, dnd_end_time: int },
);

export const session = object<Session>({
  id,
  // It opens everything: a list of sessions must not hand it out.
  token: leftOut(oneOf('')),
  create_at: int,
  expires_at: int,
  last_activity_at: int,
  user_id: id,
  device_id: text,
  roles: text,
  is_oauth: flag,
  props: mapOf(text),
  team_members: leftOut(list(anything)),
  local: leftOut(flag),
});

export const preference = object<PreferenceType>({ category: text, name: text, user_id: id, value: text });

const unreadCounts = {
  mention_count: int,
  mention_count_root: int,
  msg_count: int,
  msg_count_root: int,
};

export const team = object<Team>(
  {
    id,
    create_at: int,
    update_at: int,
    delete_at: int,
    display_name: text,
    name: text,
    description: text,
    email: text,
    type: oneOf('O', 'I'),
    company_name: text,
    allowed_domains: text,
    invite_id: text,
    allow_open_invite: flag,
    scheme_id: leftOut(orNull(text)),
    group_constrained: leftOut(orNull(flag)),
  },
  {
    policy_id: orNull(text),
    last_team_icon_update: int,
    policy_enforced: flag,
    policy_actions: mapOf(flag),
    policy_is_active: flag,
  },
);

export const teamUnread = object<TeamUnread>(
  { team_id: id, ...unreadCounts },
  { thread_count: int, thread_mention_count: int, thread_urgent_mention_count: int },
);

/** The counts are in the type because the webapp keeps them together; the server has them at `/teams/unread`. */
export const teamMember = object<TeamMembership>(
  {
    team_id: id,
    mention_count: leftOut(int),
    mention_count_root: leftOut(int),
    msg_count: leftOut(int),
    msg_count_root: leftOut(int),
    user_id: id,
    roles: text,
    delete_at: int,
    scheme_admin: flag,
    scheme_guest: flag,
    scheme_user: flag,
  },
  { thread_count: int, thread_mention_count: int, thread_urgent_mention_count: int },
);

const channelAlways = {
  id,
  create_at: int,
  update_at: int,
  delete_at: int,
  team_id: text,
  type: oneOf('O', 'P', 'D', 'G'),
  display_name: text,
  name: text,
  header: text,
  purpose: text,
  last_post_at: int,
  last_root_post_at: int,
  creator_id: text,
  scheme_id: orNull(text),
  group_constrained: orNull(flag),
};
const channelSometimes = {
  teammate_id: neverSent,
  status: neverSent,
  shared: orNull(flag),
  props: orNull(mapOf(anything)),
  policy_id: orNull(text),
  banner_info: orNull(anything),
  policy_enforced: flag,
  policy_actions: mapOf(flag),
  policy_is_active: flag,
  default_category_name: text,
  managed_category_name: text,
  autotranslation: flag,
  discoverable: flag,
};
const channelCounts = { total_msg_count: int, total_msg_count_root: int };
export const channel = object<ServerChannel>({ ...channelAlways, ...channelCounts }, channelSometimes);
export const channelWithTeam = object<ChannelWithTeamData>(
  { ...channelAlways, team_display_name: text, team_name: text, team_update_at: int },
  channelSometimes,
);

export const channelMember = object<ChannelMembership>(
  {
    channel_id: id,
    user_id: id,
    roles: text,
    last_viewed_at: int,
    ...unreadCounts,
    urgent_mention_count: int,
    notify_props: settings<Partial<ChannelNotifyProps>>(),
    last_update_at: int,
    scheme_user: flag,
    scheme_admin: flag,
  },
  { post_root_id: neverSent, autotranslation_disabled: flag },
);

export const channelStats = object<ChannelStats>({
  channel_id: id,
  member_count: int,
  guest_count: int,
  pinnedpost_count: int,
  files_count: int,
});

export const channelUnread = object<ChannelUnread>({
  channel_id: id,
  user_id: leftOut(id),
  team_id: text,
  ...unreadCounts,
  urgent_mention_count: leftOut(int),
  last_viewed_at: int,
  deltaMsgs: neverSent,
});

export const viewed = object<ChannelViewResponse>({ status: oneOf('OK'), last_viewed_at_times: mapOf(int) });

export const category = object<ChannelCategory>({
  id: text,
  user_id: id,
  team_id: id,
  type: oneOf('favorites', 'channels', 'direct_messages', 'custom'),
  display_name: text,
  sorting: asServed(oneOf('', 'alpha', 'recent', 'manual')),
  channel_ids: list(id),
  muted: flag,
  collapsed: flag,
});
export const categories = object<OrderedChannelCategories>({ categories: list(category), order: list(text) });

export const reaction = object<Reaction>({ user_id: id, post_id: id, emoji_name: text, create_at: int });

export const file = object<FileInfo>(
  {
    id,
    user_id: id,
    channel_id: id,
    create_at: int,
    update_at: int,
    delete_at: int,
    name: text,
    extension: text,
    size: int,
    mime_type: text,
    width: int,
    height: int,
    has_preview_image: flag,
    clientId: neverSent,
    archived: flag,
  },
  { post_id: text, mini_preview: orNull(text), link: neverSent },
);

export const metadata = object<PostMetadata>(
  {
    embeds: leftOut(list(anything)),
    emojis: leftOut(list(anything)),
    files: leftOut(list(file)),
    images: leftOut(mapOf(anything)),
  },
  {
    reactions: list(reaction),
    priority: anything,
    acknowledgements: list(anything),
    translations: mapOf(anything),
    expire_at: int,
    recipients: list(id),
    redacted_file_count: int,
  },
);

export const post = object<Post>(
  {
    id,
    create_at: int,
    update_at: int,
    edit_at: int,
    delete_at: int,
    is_pinned: flag,
    user_id: id,
    channel_id: id,
    root_id: text,
    original_id: text,
    message: text,
    type: asServed(text),
    props: mapOf(anything),
    hashtags: text,
    pending_post_id: text,
    reply_count: int,
    metadata,
  },
  {
    failed: neverSent,
    user_activity_posts: neverSent,
    state: neverSent,
    exists: neverSent,
    file_ids: list(id),
    filenames: list(text),
    last_reply_at: int,
    // Mattermost's own server sends null outside of threads.
    participants: orNull(list(anything)),
    message_source: text,
    is_following: flag,
    remote_id: text,
  },
);

export const listOfPosts = {
  order: list(id),
  posts: mapOf(post),
  next_post_id: text,
  prev_post_id: text,
  first_inaccessible_post_time: int,
};
export const postList = object<PostList>(listOfPosts);
export const threadPage = object<PaginatedPostList>({ ...listOfPosts, has_next: flag });

export const role = object<Role>({
  id: text,
  name: text,
  display_name: text,
  description: text,
  create_at: int,
  update_at: int,
  delete_at: int,
  permissions: list(text),
  scheme_managed: flag,
  built_in: flag,
});
