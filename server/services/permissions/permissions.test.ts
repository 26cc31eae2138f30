import { describe, expect, test } from 'vitest';
import type { Caller } from '../base/caller.ts';
import * as permissions from './index.ts';

const caller = (...roles: string[]): Caller => ({
  userId: 'me',
  sessionId: 's',
  roles,
  grants: permissions.defaultGrants,
  causality: { token: undefined, raise: () => undefined },
  requestId: '',
  address: '',
  connectionId: '',
});
const user = caller('system_user');
const admin = caller('system_user', 'system_admin');
const inTeam = { team: { roles: 'team_user', delete_at: 0 } };
const inBoth = { ...inTeam, channel: { roles: 'channel_user' } };
const open = { type: 'O' } as const;
const closed = { type: 'P' } as const;
const direct = { type: 'D' } as const;

describe('scopes', () => {
  test('a role counts where its holder has it and below, not beside', () => {
    expect(permissions.may(user, 'manage_team')).toBe(false);
    expect(permissions.may(user, 'manage_team', inTeam)).toBe(false);
    expect(permissions.may(user, 'manage_team', { team: { roles: 'team_user team_admin' } })).toBe(true);
    expect(permissions.may(user, 'delete_others_posts', { ...inBoth, team: { roles: 'team_admin' } })).toBe(true);
  });

  test('who has left has no role any more', () => {
    expect(permissions.may(user, 'view_team', { team: { roles: 'team_user', delete_at: 5 } })).toBe(false);
  });

  test('system admins may everything, and unknown roles bring nothing', () => {
    expect(permissions.may(admin, 'manage_system')).toBe(true);
    expect(permissions.may(caller('constructor', 'system_adminx'), 'manage_system')).toBe(false);
  });
});

test('a caller decides by what roles brought when it was made; of a system admin nothing can be taken', () => {
  const grants = new Map([['system_user', new Set(['get_logs'])]]);
  expect(permissions.may({ ...user, grants }, 'get_logs')).toBe(true);
  expect(permissions.may(user, 'get_logs')).toBe(false);
  expect(permissions.may({ ...user, grants }, 'view_team', inTeam)).toBe(false);
  expect(permissions.may({ ...admin, grants: new Map() }, 'manage_system')).toBe(true);
});

describe('channels', () => {
  test.each([
    ['open, of the team', open, inTeam, { read: true, post: false, join: true }],
    ['open, of another team', open, {}, { read: false, post: false, join: false }],
    ['open, member', open, inBoth, { read: true, post: true, join: true }],
    ['private, of the team', closed, inTeam, { read: false, post: false, join: false }],
    ['private, member', closed, inBoth, { read: true, post: true, join: false }],
    ['direct, other people', direct, {}, { read: false, post: false, join: false }],
    ['direct, member', direct, { channel: { roles: 'channel_user' } }, { read: true, post: true, join: false }],
  ])('%s', (_name, channel, scope, expected) => {
    expect({
      read: permissions.mayReadChannel(user, channel, scope),
      post: permissions.mayPost(user, channel, scope),
      join: permissions.mayJoinChannel(user, channel, scope),
    }).toEqual(expected);
  });

  test('only members change, archive and fill a channel', () => {
    for (const channel of [open, closed]) {
      for (const ask of [
        permissions.mayChangeChannel,
        permissions.mayArchiveChannel,
        permissions.mayManageChannelMembers,
      ]) {
        expect([ask(user, channel, inTeam), ask(user, channel, inBoth), ask(admin, channel, {})]).toEqual([
          false,
          true,
          true,
        ]);
      }
      expect(permissions.mayCreateChannel(user, channel, inTeam)).toBe(true);
      expect(permissions.mayCreateChannel(user, channel, {})).toBe(false);
    }
  });
});

test('own posts are changed by every member, those of others deleted by admins of the team', () => {
  const mine = { user_id: 'me' };
  const yours = { user_id: 'you' };
  const teamAdmin = { ...inBoth, team: { roles: 'team_user team_admin' } };
  for (const ask of [permissions.mayEditPost, permissions.mayDeletePost]) {
    expect([ask(user, mine, inBoth), ask(user, mine, inTeam), ask(user, yours, inBoth)]).toEqual([true, false, false]);
    expect(ask(admin, yours, {})).toBe(true);
  }
  expect(permissions.mayDeletePost(user, yours, teamAdmin)).toBe(true);
  expect(permissions.mayEditPost(user, yours, teamAdmin)).toBe(false);
});

test('own account or the right to edit others', () => {
  expect([permissions.mayEditUser(user, 'me'), permissions.mayEditUser(user, 'you')]).toEqual([true, false]);
  expect(permissions.mayEditUser(admin, 'you')).toBe(true);
});

test('the roles of a member are those of its flags and the explicit ones', () => {
  const member = { scheme_user: true, scheme_admin: true, explicit_roles: '' };
  expect(permissions.memberRoles('team', member)).toBe('team_user team_admin');
  expect(permissions.memberRoles('channel', { ...member, scheme_admin: false, explicit_roles: 'x' })).toBe(
    'x channel_user',
  );
});

test('the roles that a member is given are those of its place', () => {
  expect(
    ['channel_user', 'channel_user channel_admin', 'channel_admin'].map((roles) =>
      permissions.adminFlagOf('channel', roles),
    ),
  ).toEqual([false, true, true]);
  for (const roles of ['', 'team_user', 'channel_user system_admin', 'channel_guest']) {
    expect(permissions.adminFlagOf('channel', roles)).toBeUndefined();
  }
});
