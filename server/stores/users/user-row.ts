import type { User } from '../../../contract/index.ts';

/** A user with everything that the API may show to the user; never the password. */
export type FullUser = User & {
  readonly email_verified: boolean;
  readonly props: Record<string, string>;
  readonly notify_props: Record<string, string>;
  readonly timezone: Record<string, string>;
  readonly last_picture_update: number;
};

export type UserRow = Omit<FullUser, 'props' | 'notify_props' | 'timezone'> & {
  is_bot: boolean;
  bot_description: string;
  props: string;
  notify_props: string;
  timezone: string;
};

/** The columns of a user under the names of the API; the table is called `u`. */
export const userColumns = `u.id, u.createat AS create_at, u.updateat AS update_at, u.deleteat AS delete_at, u.username,
  u.email, u.emailverified AS email_verified, u.authservice AS auth_service, u.nickname, u.firstname AS first_name,
  u.lastname AS last_name, u.position, u.roles, u.locale, u.lastpictureupdate AS last_picture_update, u.props, u.notifyprops AS notify_props, u.timezone,
  u.isbot AS is_bot, u.botdescription AS bot_description`;

const EMPTY = '{}';

function parsed(text: string): Record<string, string> {
  return text === EMPTY ? {} : (JSON.parse(text) as Record<string, string>);
}

/** What is said of bots is left out of all others, as Mattermost does. */
export function toUser({ is_bot, bot_description, ...row }: UserRow): FullUser {
  return {
    ...row,
    props: parsed(row.props),
    notify_props: parsed(row.notify_props),
    timezone: parsed(row.timezone),
    ...(is_bot && { is_bot, bot_description, bot_last_icon_update: 0 }),
  };
}
