import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { role, type Role } from '../../../contract/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { silentLogger } from '../../observability/index.ts';
import { allPermissions, defaultPermissions, newId, RoleService, roleNames } from '../../services/index.ts';
import { createRoleStore } from '../../stores/roles/index.ts';
import { startTestApi, type TestApi, type TestPerson } from '../testing/index.ts';

describe('Roles', () => {
  let opened: OpenTestDatabase;
  let api: TestApi;
  let admin: TestPerson;
  let ann: TestPerson;
  let manager: TestPerson;
  beforeAll(async () => {
    opened = await openTestDatabase();
    api = await startTestApi({ layer: opened });
    admin = await api.person('admin');
    ann = await api.person('ann');
    manager = await api.person('manager');
    await setRoles(admin, manager, 'system_user system_manager');
  });
  afterAll(async () => {
    await api?.stop();
    await opened?.stop();
  });
  beforeEach(() => {
    api.events.length = 0;
  });

  const setRoles = (by: TestPerson, whose: TestPerson, roles: string) =>
    api.call(by, 'PUT', `/users/${whose.user.id}/roles`, { roles });
  const named = async (name: string) => (await api.call(ann, 'GET', `/roles/name/${name}`)).body as Role;
  const patch = async (by: TestPerson, name: string, permissions: readonly string[]) =>
    api.call(by, 'PUT', `/roles/${(await named(name)).id}/patch`, { permissions });
  const refusal = (answer: Awaited<ReturnType<typeof patch>>) => [answer.status, answer.error.id];
  const forbidden = [403, 'api.context.permissions.app_error'];

  describe('are shown', () => {
    it('to everybody by name and id, and all of them to admins', async () => {
      const all = role.array().parse((await api.call(admin, 'GET', '/roles')).body);
      expect(all.map(({ name }) => name)).toEqual([...roleNames].sort());
      const one = all.find(({ name }) => name === 'channel_user') as Role;
      expect(one).toMatchObject({ permissions: defaultPermissions.channel_user, built_in: true, scheme_managed: true });
      expect(await named('channel_user')).toEqual(one);
      expect((await api.call(ann, 'GET', `/roles/${one.id}`)).body).toEqual(one);
      expect(refusal(await api.call(ann, 'GET', '/roles'))).toEqual(forbidden);
      expect(refusal(await api.call(ann, 'GET', `/roles/${newId()}`))).toEqual([404, 'app.role.get.app_error']);
      expect(refusal(await api.call(ann, 'GET', '/roles/name/emperor'))).toEqual([
        404,
        'app.role.get_by_name.app_error',
      ]);
    });

    it('by names, each once, without unknown ones; system admins have all permissions', async () => {
      const names = ['system_admin', 'channel_user', 'nobody', 'channel_user'];
      const roles = role.array().parse((await api.call(ann, 'POST', '/roles/names', names)).body);
      expect(roles.map(({ name }) => name)).toEqual(['system_admin', 'channel_user']);
      expect(roles[0]?.permissions).toEqual(allPermissions);
    });

    it('with what parts of the System Console need besides', async () => {
      const section = 'sysconsole_write_environment_database';
      const needed = ['recycle_database_connections'];
      const path = '/permissions/ancillary';
      expect((await api.call(ann, 'GET', `${path}?subsection_permissions=${section},x`)).body).toEqual(needed);
      expect((await api.call(ann, 'POST', path, [section])).body).toEqual(needed);
      expect((await api.call(ann, 'GET', path)).body).toEqual([]);
    });
  });

  describe('are changed', () => {
    it('for everybody at once, and everybody is told', async () => {
      const before = await named('system_user');
      const renameAdmin = () => api.call(ann, 'PUT', `/users/${admin.user.id}/patch`, { nickname: 'boss' });
      expect((await renameAdmin()).status).toBe(403);
      const answer = await patch(admin, 'system_user', [...before.permissions, 'edit_other_users', 'edit_other_users']);
      const changed = role.parse(answer.body);
      expect(changed.permissions).toEqual([...before.permissions, 'edit_other_users']);
      expect(api.events).toMatchObject([{ event: 'role_updated', to: {}, data: { role: JSON.stringify(changed) } }]);
      expect(await named('system_user')).toEqual(changed);
      const other = { nickname: 'other' };
      expect((await api.call(ann, 'PUT', `/users/${manager.user.id}/patch`, other)).status).toBe(200);
      // Whoever edits others does not edit admins.
      expect((await renameAdmin()).status).toBe(403);
      expect((await patch(admin, 'system_user', before.permissions)).status).toBe(200);
      expect((await api.call(ann, 'PUT', `/users/${manager.user.id}/patch`, other)).status).toBe(403);
    });

    it('and another server of the same database follows', async () => {
      const other = new RoleService({
        store: createRoleStore(opened.database),
        publisher: { publish: () => undefined },
        detached: () => opened.causalities.detached(),
        log: silentLogger,
      });
      await other.refresh();
      const wanted = ['create_post', 'upload_file'];
      await patch(admin, 'system_post_all', wanted);
      await other.refresh();
      expect([...(other.grants().get('system_post_all') ?? [])]).toEqual(wanted);
      expect(other.all()).toEqual((await api.call(admin, 'GET', '/roles')).body);
    });

    it('not by those who may not', async () => {
      const { permissions } = await named('team_user');
      expect(refusal(await patch(ann, 'team_user', []))).toEqual(forbidden);
      expect(refusal(await patch(manager, 'system_admin', allPermissions))).toEqual(forbidden);
      expect(refusal(await patch(manager, 'system_manager', []))).toEqual(forbidden);
      // A manager may give what is asked for in teams and channels, and nothing over the server that they do not have.
      expect((await patch(manager, 'team_user', [...permissions, 'delete_others_emojis'])).status).toBe(200);
      expect((await patch(manager, 'team_user', [...permissions, 'reload_config'])).status).toBe(200);
      for (const stolen of ['edit_other_users', 'create_user_access_token', 'sysconsole_write_billing']) {
        expect(refusal(await patch(manager, 'team_user', [...permissions, stolen]))).toEqual(forbidden);
      }
      expect((await patch(manager, 'team_user', permissions)).status).toBe(200);
      // In a role of the system it counts in every team and channel: that is over the server.
      for (const name of ['system_user', 'system_post_all']) {
        const { permissions: own } = await named(name);
        expect(refusal(await patch(manager, name, [...own, 'edit_others_posts']))).toEqual(forbidden);
        expect((await patch(manager, name, [...own, 'manage_team'])).status).toBe(200);
        expect((await patch(manager, name, own)).status).toBe(200);
      }
    });

    it('not to nonsense, and not so that anybody is locked out', async () => {
      const unmovable = [501, 'api.roles.patch_roles.not_allowed_permission.error'];
      expect(refusal(await patch(admin, 'team_user', ['view_team', 'fly']))).toEqual([
        400,
        'app.role.save.invalid_role.app_error',
      ]);
      expect(refusal(await patch(admin, 'system_admin', []))).toEqual(unmovable);
      expect(refusal(await patch(admin, 'system_user', ['manage_system']))).toEqual(unmovable);
      expect((await patch(admin, 'system_admin', allPermissions)).status).toBe(200);
      const id = (await named('team_user')).id;
      expect((await api.call(admin, 'PUT', `/roles/${id}/patch`, {})).body).toEqual(await named('team_user'));
      expect(api.events.map(({ event }) => event)).toEqual(['role_updated']);
    });
  });

  it('every known one of the system is given to users, by those who may', async () => {
    const all = roleNames.filter((name) => name.startsWith('system_') && name !== 'system_admin').join(' ');
    expect(await setRoles(admin, ann, all)).toMatchObject({ status: 200 });
    expect((await api.call(ann, 'GET', '/users/me')).body).toMatchObject({ roles: all });
    expect(refusal(await setRoles(ann, ann, 'system_user system_admin'))).toEqual(forbidden);
    expect(refusal(await setRoles(manager, ann, 'system_user'))).toEqual(forbidden);
    expect(await setRoles(admin, ann, 'system_user')).toMatchObject({ status: 200 });
  });
});
