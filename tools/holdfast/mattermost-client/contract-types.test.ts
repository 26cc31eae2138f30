import type * as mattermost from './published-types.ts';
import { expect, expectTypeOf, it } from 'vitest';
import type * as contract from '../../../contract/index.ts';

/**
 * Compiled by `npm run check`: what the contract promises is what a program takes that was written with Mattermost's types.
 * Here stands which promises of those types Mattermost's own server does not keep to the letter, and we neither.
 */

/** As it leaves: a field is there or not, and never undefined. */
type Json<T> = { [K in keyof T]: Exclude<T[K], undefined> };
/** Sent as null where nothing is set. */
type NotNull<T, K extends keyof T> = Omit<T, K> & { [P in K]: NonNullable<T[P]> };

it('a user is Mattermost’s, as far as the viewer may see it', () => {
  type Promised = Omit<
    mattermost.UserProfile,
    // Left out when empty, or not for this viewer.
    | 'password'
    | 'props'
    | 'notify_props'
    | 'last_password_update'
    | 'last_picture_update'
    | 'mfa_active'
    | 'last_activity_at'
    | 'is_bot'
    | 'bot_description'
    | 'terms_of_service_id'
    | 'terms_of_service_create_at'
    | 'timezone'
  >;
  expectTypeOf<Required<contract.User>>().toExtend<Promised>();
});

it('a status and a preference are Mattermost’s', () => {
  expectTypeOf<Json<contract.Status>>().toExtend<mattermost.UserStatus>();
  expectTypeOf<contract.Preference>().toExtend<mattermost.PreferenceType>();
});

it('a team and its members are Mattermost’s', () => {
  expectTypeOf<Json<contract.Team>>().toExtend<Omit<mattermost.Team, 'scheme_id' | 'group_constrained'>>();
  // The webapp keeps the unread counts together with the member; the server sends them at `/teams/unread`.
  type Counts = Exclude<keyof mattermost.TeamUnread, 'team_id'>;
  expectTypeOf<Json<contract.TeamMember>>().toExtend<Omit<mattermost.TeamMembership, Counts>>();
  expectTypeOf<Json<contract.TeamUnread>>().toExtend<mattermost.TeamUnread>();
});

it('a channel, its members and its counts are Mattermost’s', () => {
  type Channel = NotNull<contract.Channel, 'scheme_id' | 'group_constrained' | 'shared' | 'props'>;
  expectTypeOf<Channel>().toExtend<mattermost.ServerChannel>();
  expectTypeOf<Json<contract.ChannelMember>>().toExtend<Omit<mattermost.ChannelMembership, 'notify_props'>>();
  expectTypeOf<contract.ChannelStats>().toExtend<mattermost.ChannelStats>();
  expectTypeOf<contract.ViewChannelResponse>().toExtend<mattermost.ChannelViewResponse>();
});

it('a sidebar is Mattermost’s', () => {
  type Promised = Omit<mattermost.ChannelCategory, 'sorting'> & { sorting: `${mattermost.CategorySorting}` };
  expectTypeOf<Json<contract.SidebarCategory>>().toExtend<Promised>();
  expectTypeOf<contract.SidebarCategories['order']>().toExtend<mattermost.OrderedChannelCategories['order']>();
});

it('a post, its reactions, its files and lists of it are Mattermost’s', () => {
  // The metadata have each list only when it is not empty.
  type Promised = Omit<mattermost.Post, 'type' | 'metadata'> & { metadata: Partial<mattermost.PostMetadata> };
  type Sent = Json<Omit<contract.Post, 'metadata'>> & { metadata: { files?: File[]; reactions?: contract.Reaction[] } };
  type File = contract.FileInfo & Pick<mattermost.FileInfo, 'clientId'>;
  expectTypeOf<Sent>().toExtend<Promised>();
  expectTypeOf<Json<contract.Reaction>>().toExtend<mattermost.Reaction>();
  // The client makes its own id before it uploads; no server sends it.
  expectTypeOf<Json<contract.FileInfo>>().toExtend<Omit<mattermost.FileInfo, 'clientId'>>();
  expectTypeOf<Json<contract.PostList>>().toExtend<Omit<mattermost.PostList, 'posts'>>();
});

it('what does not fit is red', () => {
  // @ts-expect-error -- a number is promised, and a text does not do.
  expectTypeOf<Omit<contract.Post, 'create_at'> & { create_at: string }>().toExtend<{ create_at: number }>();
  expect.assertions(0);
});
