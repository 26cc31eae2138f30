import { z } from 'zod';
import { databaseEvent, databaseMode, databaseStatus, operation } from './console.ts';
import { id, millis } from './ids.ts';

/** To whom an event goes. Exactly as Mattermost; `omit_users` is null or a map, never an array. */
export const broadcast = z.object({
  omit_users: z.record(z.string(), z.boolean()).nullable(),
  user_id: z.string(),
  channel_id: z.string(),
  team_id: z.string(),
  connection_id: z.string(),
  omit_connection_id: z.string(),
});
export type Broadcast = z.infer<typeof broadcast>;

/**
 * Data of each event. As in Mattermost, objects inside `data` (post, channel, reaction, ...) are JSON *strings*,
 * except `user` of `user_updated`.
 */
export const eventData = {
  hello: z.object({ connection_id: z.string(), server_version: z.string(), server_hostname: z.string() }),
  posted: z.object({
    post: z.string(),
    channel_type: z.string(),
    channel_display_name: z.string(),
    channel_name: z.string(),
    sender_name: z.string(),
    team_id: z.string(),
    set_online: z.boolean(),
    /** JSON array of the mentioned users' ids; absent when nobody is mentioned. */
    mentions: z.string().optional(),
    /** `true` when a picture, or another file, hangs on the post; absent otherwise. */
    image: z.literal('true').optional(),
    otherFile: z.literal('true').optional(),
  }),
  post_edited: z.object({ post: z.string() }),
  /** System admins are also told who has deleted it. */
  post_deleted: z.object({ post: z.string(), delete_by: id.optional() }),
  /** To the user who made a post and all after it unread again; `msg_count` is what has been read. */
  post_unread: z.object({
    team_id: z.string(),
    channel_id: id,
    post_id: id,
    msg_count: z.int(),
    msg_count_root: z.int(),
    mention_count: z.int(),
    mention_count_root: z.int(),
    last_viewed_at: z.int(),
  }),
  /** To each follower of a thread, after a reply. `previous_...` is what was unread before it. */
  thread_updated: z.object({
    thread: z.string(),
    previous_unread_replies: z.int(),
    previous_unread_mentions: z.int(),
  }),
  thread_follow_changed: z.object({ thread_id: id, state: z.boolean(), reply_count: z.int() }),
  /** Without `thread_id`: all threads of the team, and those of direct channels. */
  thread_read_changed: z.object({
    timestamp: millis,
    thread_id: id.optional(),
    channel_id: id.optional(),
    unread_replies: z.int().optional(),
    unread_mentions: z.int().optional(),
    previous_unread_replies: z.int().optional(),
    previous_unread_mentions: z.int().optional(),
  }),
  /** A post that only this user sees, and only now. */
  ephemeral_message: z.object({ post: z.string() }),
  reaction_added: z.object({ reaction: z.string() }),
  reaction_removed: z.object({ reaction: z.string() }),
  /** To the other connections of the user. */
  draft_created: z.object({ draft: z.string() }),
  draft_updated: z.object({ draft: z.string() }),
  draft_deleted: z.object({ draft: z.string() }),
  typing: z.object({ parent_id: z.string(), user_id: id }),
  channel_viewed: z.object({ channel_id: id }),
  user_added: z.object({ user_id: id, team_id: z.string() }),
  /** To the channel: `user_id`; to the removed user: `channel_id`. */
  user_removed: z.object({ user_id: id.optional(), channel_id: id.optional(), remover_id: id }),
  channel_created: z.object({ channel_id: id, team_id: z.string() }),
  channel_updated: z.object({ channel: z.string() }),
  channel_deleted: z.object({ channel_id: id, delete_at: z.int() }),
  channel_restored: z.object({ channel_id: id }),
  /** To the team: an open channel is private from now on, or the other way round. */
  channel_converted: z.object({ channel_id: id }),
  channel_member_updated: z.object({ channelMember: z.string() }),
  direct_added: z.object({ creator_id: id, teammate_id: id }),
  /** JSON array of the ids of all members. */
  group_added: z.object({ teammate_ids: z.string() }),
  added_to_team: z.object({ team_id: id, user_id: id }),
  update_team: z.object({ team: z.string() }),
  delete_team: z.object({ team: z.string() }),
  restore_team: z.object({ team: z.string() }),
  memberrole_updated: z.object({ member: z.string() }),
  leave_team: z.object({ team_id: id, user_id: id }),
  new_user: z.object({ user_id: id }),
  user_role_updated: z.object({ user_id: id, roles: z.string() }),
  /** What a role brings has changed: the whole role as JSON. To everybody. */
  role_updated: z.object({ role: z.string() }),
  user_updated: z.object({ user: z.record(z.string(), z.unknown()) }),
  preferences_changed: z.object({ preferences: z.string() }),
  preferences_deleted: z.object({ preferences: z.string() }),
  sidebar_category_created: z.object({ category_id: z.string() }),
  /** JSON array of the changed categories; absent when a preference has changed the favourites of several teams. */
  sidebar_category_updated: z.object({ updatedCategories: z.string().optional() }),
  sidebar_category_deleted: z.object({ category_id: z.string() }),
  sidebar_category_order_updated: z.object({ order: z.array(z.string()) }),
  emoji_added: z.object({ emoji: z.string() }),
  status_change: z.object({ status: z.string(), user_id: id }),
  config_changed: z.object({ config: z.record(z.string(), z.string()) }),
  /**
   * Ours: what users may do at the moment. To everybody. `spread_ms`: clients wait a random part of it before they send
   * what they kept, so that not all of them do so at once.
   */
  database_mode: databaseMode.extend({ spread_ms: z.int().nonnegative().optional() }),
  /**
   * Ours: another database is the master from now on. To everybody. `forced`: acknowledged messages of the last moments
   * may be missing there; a client asks by `POST /posts/stored` which of its own exist and sends the others again.
   */
  database_master_changed: z.object({ forced: z.boolean(), at: millis }),
  /** Ours, to admins who have asked for it by the action `watch_database`. At most one per 500 ms. */
  database_status: databaseStatus,
  database_event: databaseEvent,
  operation_updated: operation,
} as const;

export type EventName = keyof typeof eventData;
export type EventData<N extends EventName> = z.infer<(typeof eventData)[N]>;

/** What a client receives. `seq` is contiguous per connection from 0; `token` is the writer's causal token (opaque). */
export interface ServerEvent<N extends EventName = EventName> {
  event: N;
  data: EventData<N>;
  broadcast: Broadcast;
  seq: number;
  token?: string;
}
