import { z } from 'zod';
import { id, millis, stringMap } from './ids.ts';
import { limits } from './limits.ts';
import { displayName, slug } from './team.ts';

/** O open, P private, D direct (two users), G group (three to eight). */
export const channelType = z.enum(['O', 'P', 'D', 'G']);
export type ChannelType = z.infer<typeof channelType>;

export const channel = z.object({
  id,
  create_at: millis,
  update_at: millis,
  delete_at: millis,
  /** Empty for direct and group channels. */
  team_id: z.string(),
  type: channelType,
  display_name: z.string(),
  name: z.string(),
  header: z.string(),
  purpose: z.string(),
  last_post_at: millis,
  total_msg_count: z.int(),
  total_msg_count_root: z.int(),
  last_root_post_at: millis,
  extra_update_at: millis,
  creator_id: z.string(),
  scheme_id: z.string().nullable(),
  props: z.record(z.string(), z.unknown()).nullable(),
  group_constrained: z.boolean().nullable(),
  shared: z.boolean().nullable(),
});
export type Channel = z.infer<typeof channel>;

export const createChannelRequest = z.object({
  team_id: id,
  name: slug,
  display_name: displayName,
  type: z.enum(['O', 'P']),
  purpose: z.string().max(limits.purposeMax).default(''),
  header: z.string().max(limits.headerMax).default(''),
});
export type CreateChannelRequest = z.input<typeof createChannelRequest>;

export const patchChannelRequest = z.object({
  name: slug.optional(),
  display_name: displayName.optional(),
  purpose: z.string().max(limits.purposeMax).optional(),
  header: z.string().max(limits.headerMax).optional(),
});
export type PatchChannelRequest = z.infer<typeof patchChannelRequest>;

export const createDirectChannelRequest = z.array(id).length(2);

/** The caller may be left out; with them it is three to eight users. */
export const createGroupChannelRequest = z.array(id).min(1).max(limits.perPageMax);
/** `force` takes out members who are not in the other team. */
export const moveChannelRequest = z.object({ team_id: id, force: z.boolean().default(false) });
/** Finds channels of all teams whose name or display name contains the term. Neither public nor private means both. */
export const channelDirectoryRequest = z.object({
  term: z.string().max(limits.displayNameMax).default(''),
  team_ids: z.array(id).max(limits.idsMax).default([]),
  public: z.boolean().default(false),
  private: z.boolean().default(false),
  include_deleted: z.boolean().default(false),
  exclude_default_channels: z.boolean().default(false),
  page: z.int().nonnegative().max(999_999_999).optional(),
  per_page: z.int().nonnegative().optional(),
});
/** A channel with what is shown of its team. */
export const channelWithTeam = channel.extend({
  team_display_name: z.string(),
  team_name: z.string(),
  team_update_at: millis,
});
export const channelsPage = z.object({ channels: z.array(channelWithTeam), total_count: z.int() });

export const channelPrivacyRequest = z.object({ privacy: z.enum(['O', 'P']) });
/** Finds channels whose name, or a word of whose display name, begins with the term. */
export const channelSearchRequest = z.object({ term: z.string().max(limits.displayNameMax) });
/** The settings to change; clients send the member's ids along, which are no settings. */
export const channelNotifyPropsRequest = z
  .record(z.string().max(64), z.string().max(128))
  .refine((props) => Object.keys(props).length <= 32);

/** One user's place in a channel. `msg_count` is what the user has *read*; unread = the channel's total minus it. */
export const channelMember = z.object({
  channel_id: id,
  user_id: id,
  roles: z.string(),
  last_viewed_at: millis,
  msg_count: z.int(),
  mention_count: z.int(),
  mention_count_root: z.int(),
  msg_count_root: z.int(),
  urgent_mention_count: z.int(),
  notify_props: stringMap,
  last_update_at: millis,
  scheme_guest: z.boolean(),
  scheme_user: z.boolean(),
  scheme_admin: z.boolean(),
  explicit_roles: z.string(),
});
export type ChannelMember = z.infer<typeof channelMember>;

export const addChannelMemberRequest = z
  .object({ user_id: id.optional(), user_ids: z.array(id).min(1).max(limits.idsMax).optional() })
  .refine((body) => body.user_id !== undefined || body.user_ids !== undefined, { path: ['user_id'] });

export const channelUnread = z.object({
  team_id: z.string(),
  channel_id: id,
  msg_count: z.int(),
  mention_count: z.int(),
  mention_count_root: z.int(),
  msg_count_root: z.int(),
  urgent_mention_count: z.int(),
  last_viewed_at: millis,
  notify_props: stringMap,
});
export type ChannelUnread = z.infer<typeof channelUnread>;

export const viewChannelRequest = z.object({
  channel_id: id.or(z.literal('')),
  prev_channel_id: id.or(z.literal('')).optional(),
  collapsed_threads_supported: z.boolean().optional(),
});
export const typingRequest = z.object({ channel_id: id, parent_id: id.or(z.literal('')).default('') });
export const markReadRequest = z.array(id).max(limits.idsMax);
export const viewChannelResponse = z.object({
  status: z.literal('OK'),
  last_viewed_at_times: z.record(z.string(), millis),
});
export type ViewChannelResponse = z.infer<typeof viewChannelResponse>;

export const channelStats = z.object({
  channel_id: id,
  member_count: z.int(),
  guest_count: z.int(),
  pinnedpost_count: z.int(),
  files_count: z.int(),
});
export type ChannelStats = z.infer<typeof channelStats>;
