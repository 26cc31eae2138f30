import { expect, test } from 'vitest';
import { ancillaryOf } from './ancillary.ts';
import { allPermissions, isPermission } from './names.ts';
import { defaultPermissions, roleNames, systemRoles } from './roles.ts';

test('every name is there once, and no other is known', () => {
  expect(new Set(allPermissions).size).toBe(allPermissions.length);
  for (const name of ['sysconsole_read_environment_database', 'create_bot', 'reload_config', 'view_members']) {
    expect(isPermission(name)).toBe(true);
  }
  for (const name of ['', 'sysconsole_read_', 'sysconsole_read_environment', 'toString', 'MANAGE_SYSTEM']) {
    expect(isPermission(name)).toBe(false);
  }
});

test('a role has each permission once, and system admins all of them', () => {
  for (const name of roleNames) {
    expect(new Set(defaultPermissions[name]).size).toBe(defaultPermissions[name].length);
  }
  expect(defaultPermissions.system_admin).toEqual(allPermissions);
  expect(systemRoles).toContain('system_post_all_public');
  expect(systemRoles).not.toContain('team_admin');
});

test('a section of the System Console brings what it calls', () => {
  expect(ancillaryOf(['sysconsole_write_environment_web_server', 'sysconsole_write_environment_database'])).toEqual([
    'test_site_url',
    'reload_config',
    'invalidate_caches',
    'recycle_database_connections',
  ]);
  expect(ancillaryOf(['sysconsole_read_billing', 'constructor', 'read_channel'])).toEqual([]);
  const twice = ['sysconsole_read_reporting_site_statistics', 'sysconsole_read_reporting_team_statistics'];
  expect(ancillaryOf(twice)).toEqual(['get_analytics']);
});

test.each([
  ['system_manager', 77, ['reload_config', 'recycle_database_connections', 'get_logs', 'manage_team', 'test_ldap']],
  ['system_user_manager', 15, ['manage_team', 'join_private_teams', 'read_channel', 'manage_channel_roles']],
  ['system_read_only_admin', 53, ['get_logs', 'get_analytics', 'read_audits', 'list_private_teams', 'read_channel']],
] as const)('%s has the parts of the System Console that Mattermost gives it', (name, sections, others) => {
  const permissions = defaultPermissions[name];
  expect(permissions.filter((permission) => permission.startsWith('sysconsole_'))).toHaveLength(sections);
  expect(permissions).toEqual(expect.arrayContaining([...others]));
  for (const denied of ['manage_system', 'manage_roles', 'edit_other_users', 'assign_system_admin_role'] as const) {
    expect(permissions).not.toContain(denied);
  }
});

test('those who only read write nothing', () => {
  expect(
    defaultPermissions.system_read_only_admin.filter((name) => /_write_|reload|recycle|^manage/.test(name)),
  ).toEqual([]);
});
