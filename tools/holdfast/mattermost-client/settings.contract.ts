import { CustomStatusDuration, type UserStatus } from '@mattermost/types/users';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ground, Person } from './ground.ts';
import { refusal } from './watched-client.ts';

/** Preferences and statuses. */
export function settingsContract(ground: () => Ground): void {
  describe('preferences and statuses', () => {
    let ann: Person;
    let bob: Person;
    beforeAll(async () => {
      [ann, bob] = (await ground().people('ann', 'bob')) as [Person, Person];
    });

    it('keep preferences until they are deleted', async () => {
      const kept = { user_id: ann.id, category: 'display_settings', name: 'use_military_time', value: 'true' };
      await ann.client.savePreferences('me', [kept]);
      expect(await ann.client.getMyPreferences()).toContainEqual(kept);
      expect(await ann.client.getUserPreferences(ann.id)).toContainEqual(kept);
      expect(await refusal(bob.client.getUserPreferences(ann.id))).toBe('403 api.context.permissions.app_error');
      expect(await refusal(ann.client.savePreferences('me', [{ ...kept, user_id: bob.id }]))).toMatch(/^403 /);
      await ann.client.deletePreferences('me', [kept]);
      expect(await ann.client.getMyPreferences()).not.toContainEqual(kept);
    });

    it('tell who is there', async () => {
      expect(await bob.client.getStatus(ann.id)).toMatchObject({ user_id: ann.id, status: 'offline' });
      const until = Math.floor(Date.now() / 1_000) + 3_600;
      const quiet: UserStatus = { user_id: ann.id, status: 'dnd', dnd_end_time: until };
      expect(await ann.client.updateStatus(quiet)).toMatchObject({ status: 'dnd', manual: true, dnd_end_time: until });
      expect(await bob.client.getStatusesByIds([ann.id, bob.id])).toContainEqual(
        expect.objectContaining({ user_id: ann.id, status: 'dnd' }),
      );
    });

    it('say what they do', async () => {
      const busy = { emoji: 'duck', text: 'Sailing', duration: CustomStatusDuration.DONT_CLEAR };
      await ann.client.updateCustomStatus(busy);
      expect(JSON.parse((await ann.client.getMe()).props['customStatus'] ?? '')).toMatchObject(busy);
      await ann.client.unsetCustomStatus();
      await ann.client.removeRecentCustomStatus(busy);
      expect(await refusal(ann.client.removeRecentCustomStatus(busy))).toMatch(/^400 /);
    });
  });
}
