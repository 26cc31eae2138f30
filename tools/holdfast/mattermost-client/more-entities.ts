import type { AnalyticsRow, ClusterInfo, SchemaMigration } from '@mattermost/types/admin';
import type { Audit } from '@mattermost/types/audits';
import type { Bot } from '@mattermost/types/bots';
import type { Draft } from '@mattermost/types/drafts';
import type { CustomEmoji } from '@mattermost/types/emojis';
import type { Job } from '@mattermost/types/jobs';
import type { PostInfo, PostSearchResults } from '@mattermost/types/posts';
import type { UserReport } from '@mattermost/types/reports';
import type { Scheme } from '@mattermost/types/schemes';
import type { UserThread, UserThreadList, UserThreadWithPost } from '@mattermost/types/threads';
import type { UserAccessToken } from '@mattermost/types/users';
import { listOfPosts, metadata, post, userAlways, userSometimes } from './entities.ts';
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
  text,
} from './shape.ts';

/** What the published types promise of threads, programs, and what admins look at. */

const threadAlways = {
  id,
  reply_count: int,
  last_reply_at: int,
  last_viewed_at: int,
  participants: list(object<{ id: string }>({ id })),
  unread_replies: int,
  unread_mentions: int,
  is_following: flag,
};
const threadSometimes = { is_urgent: flag, type: neverSent };
export const userThread = object<UserThread>(
  // Where only the thread is asked for, Mattermost's own server leaves the post out.
  { ...threadAlways, is_following: leftOut(flag), post: leftOut(post) },
  threadSometimes,
);
export const userThreadWithPost = object<UserThreadWithPost>(
  { ...threadAlways, is_following: leftOut(flag), post },
  threadSometimes,
);
export const threadList = object<UserThreadList>(
  { total: int, total_unread_threads: int, total_unread_mentions: int, threads: list(userThreadWithPost) },
  { total_unread_urgent_mentions: int },
);

export const draft = object<Draft>(
  {
    create_at: int,
    update_at: int,
    delete_at: int,
    user_id: id,
    channel_id: id,
    root_id: text,
    message: text,
    props: mapOf(anything),
  },
  { type: asServed(text), file_ids: orNull(list(id)), metadata: orNull(metadata), priority: orNull(anything) },
);

export const postInfo = object<PostInfo>({
  channel_id: id,
  channel_type: oneOf('O', 'P', 'D', 'G'),
  channel_display_name: text,
  has_joined_channel: flag,
  team_id: text,
  team_type: asServed(oneOf('O', 'I', '')),
  team_display_name: text,
  has_joined_team: flag,
});

export const foundPosts = object<PostSearchResults>({
  ...listOfPosts,
  next_post_id: leftOut(text),
  prev_post_id: leftOut(text),
  first_inaccessible_post_time: leftOut(int),
  // Whoever searches without an index for it is sent null.
  matches: orNull(mapOf(list(text))),
});

export const bot = object<Bot>(
  { user_id: id, username: text, owner_id: text, create_at: int, update_at: int, delete_at: int },
  { display_name: text, description: text },
);

export const accessToken = object<UserAccessToken>(
  { id, user_id: id, description: text, is_active: flag },
  { token: id, expires_at: int },
);

export const emoji = object<CustomEmoji>({
  id,
  name: text,
  // The webapp puts it in; Mattermost's own server does not send it.
  category: leftOut(oneOf('custom')),
  create_at: int,
  update_at: int,
  delete_at: int,
  creator_id: id,
});

export const scheme = object<Scheme>({
  id,
  name: text,
  description: text,
  display_name: text,
  create_at: int,
  update_at: int,
  delete_at: int,
  scope: oneOf('team', 'channel'),
  default_team_admin_role: text,
  default_team_user_role: text,
  default_team_guest_role: text,
  default_channel_admin_role: text,
  default_channel_user_role: text,
  default_channel_guest_role: text,
  default_playbook_admin_role: text,
  default_playbook_member_role: text,
  default_run_member_role: text,
});

export const audit = object<Audit>({
  id,
  create_at: int,
  user_id: text,
  action: text,
  extra_info: text,
  ip_address: text,
  session_id: text,
});

export const job = object<Job>({
  id,
  // The types of each server are its own.
  type: asServed(text),
  priority: int,
  create_at: int,
  start_at: int,
  last_activity_at: int,
  status: oneOf('pending', 'in_progress', 'success', 'error', 'cancel_requested', 'canceled', 'warning'),
  progress: int,
  data: orNull(mapOf(text)),
});

export const analyticsRow = object<AnalyticsRow>({ name: text, value: int });
export const schemaStep = object<SchemaMigration>({ version: int, name: text });
export const clusterNode = object<ClusterInfo>({
  id: text,
  version: text,
  config_hash: text,
  ipaddress: text,
  hostname: text,
  schema_version: text,
});
export const userReport = object<UserReport>(
  { ...userAlways, last_login: int },
  {
    ...userSometimes,
    last_status_at: int,
    last_post_date: int,
    days_active: int,
    total_posts: int,
    channel_count: int,
  },
);
