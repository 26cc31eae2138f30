import type { User } from '../../../contract/index.ts';
import type { FullUser } from '../../stores/users/index.ts';
import { type Caller, isSystemAdmin } from '../base/caller.ts';

/** What other people may see of a user. Mattermost's PrivacySettings. */
export interface Privacy {
  readonly showEmail: boolean;
  readonly showFullName: boolean;
}

/** The property that everybody may see: what the user says of themselves, as JSON text. */
export const CUSTOM_STATUS = 'customStatus';

/** A user for other people's eyes: without what belongs to the account alone. */
export function publicUser(user: FullUser, privacy: Privacy): User {
  const { email_verified, props, notify_props, timezone, ...shown } = user;
  const said = props[CUSTOM_STATUS];
  return {
    ...shown,
    ...(said !== undefined && { props: { [CUSTOM_STATUS]: said } }),
    email: privacy.showEmail ? shown.email : '',
    first_name: privacy.showFullName ? shown.first_name : '',
    last_name: privacy.showFullName ? shown.last_name : '',
  };
}

/** A user as the caller may see it: whole for oneself and for admins. */
export function presentUser(caller: Caller, user: FullUser, privacy: Privacy): User {
  return user.id === caller.userId || isSystemAdmin(caller) ? user : publicUser(user, privacy);
}
