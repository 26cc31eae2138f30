import { expect, test } from 'vitest';
import defaults from '../../../config/default.json' with { type: 'json' };
import type { Caller } from '../base/caller.ts';
import { visibleSettings } from './config-access.ts';
import { defaultGrants } from './roles.ts';

const caller = (...roles: string[]): Caller => ({
  userId: 'me',
  sessionId: 's',
  roles,
  grants: defaultGrants,
  causality: { token: undefined, raise: () => undefined },
  requestId: '',
  address: '',
  connectionId: '',
});
const seen = (role: string) => visibleSettings(caller('system_user', role), defaults);

test('system admins see every setting, and everybody else none', () => {
  expect(seen('system_admin')).toEqual(defaults);
  expect(seen('system_post_all')).toEqual({});
});

test('each role of the System Console sees what its parts show', () => {
  expect(seen('system_read_only_admin')['SqlSettings']).toEqual(defaults.SqlSettings);
  expect(seen('system_manager')).toMatchObject({
    LogSettings: defaults.LogSettings,
    FileSettings: defaults.FileSettings,
  });
  expect(seen('system_manager')['TeamSettings']).not.toHaveProperty('UserStatusAwayTimeout');
  // Who manages people sees how they sign up and in.
  const { EnableUserCreation, EnableOpenServer } = defaults.TeamSettings;
  expect(seen('system_user_manager')).toEqual({
    ServiceSettings: { MaximumLoginAttempts: defaults.ServiceSettings.MaximumLoginAttempts },
    TeamSettings: { EnableUserCreation, EnableOpenServer },
    PasswordSettings: defaults.PasswordSettings,
  });
});

test('what no part shows is for system admins', () => {
  const config = { ServiceSettings: { TrustedProxyIPHeader: [] }, Strange: { a: 1 } };
  expect(visibleSettings(caller('system_read_only_admin'), config)).toEqual({});
  expect(visibleSettings(caller('system_admin'), config)).toEqual(config);
});
