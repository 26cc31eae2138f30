import { z } from 'zod';
import { id, millis, stringMap } from './ids.ts';
import { limits } from './limits.ts';

export const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9._-]*$/)
  .max(limits.usernameMax);
export const email = z.email().max(limits.emailMax).toLowerCase();
export const password = z.string().min(limits.passwordMin).max(limits.passwordMax);

/** A user as the API shows it. `email`, `notify_props` and `timezone` are there only in the user's own view and for admins. */
export const user = z.object({
  id,
  create_at: millis,
  update_at: millis,
  delete_at: millis,
  username: z.string(),
  email: z.string(),
  email_verified: z.boolean().optional(),
  auth_service: z.string(),
  nickname: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  position: z.string(),
  roles: z.string(),
  locale: z.string(),
  props: stringMap.optional(),
  notify_props: stringMap.optional(),
  timezone: stringMap.optional(),
  /** When the picture was set, and part of its address; 0 or less = the generated one. */
  last_picture_update: z.int().optional(),
  /** Only of bots. */
  is_bot: z.boolean().optional(),
  bot_description: z.string().optional(),
  bot_last_icon_update: millis.optional(),
});
export type User = z.infer<typeof user>;

export const createUserRequest = z.object({
  email,
  username,
  password,
  first_name: z.string().max(64).default(''),
  last_name: z.string().max(64).default(''),
  nickname: z.string().max(64).default(''),
  locale: z.string().max(5).default('en'),
  /** The code printed in the server's log; needed for the first account when it is not made over loopback. */
  setup_code: z.string().max(64).optional(),
});
export type CreateUserRequest = z.input<typeof createUserRequest>;
/** A sign-up request with its defaults filled in. */
export type NewAccount = z.output<typeof createUserRequest>;

/** A map of a user's own settings; small, since it travels with the user. */
const ownMap = stringMap.refine((map) => JSON.stringify(map).length <= limits.propsMax);

/** What is left out stays as it is; an empty text clears. */
export const patchUserRequest = z.object({
  username: username.optional(),
  email: email.optional(),
  nickname: z.string().max(64).optional(),
  first_name: z.string().max(64).optional(),
  last_name: z.string().max(64).optional(),
  position: z.string().max(128).optional(),
  locale: z.string().max(5).optional(),
  props: ownMap.optional(),
  notify_props: ownMap.optional(),
  timezone: ownMap.optional(),
});
export type PatchUserRequest = z.infer<typeof patchUserRequest>;
export const updateUserRequest = patchUserRequest.extend({ id });

export const changePasswordRequest = z.object({
  /** Not needed when an admin sets the password of another user. */
  current_password: z.string().max(512).default(''),
  new_password: z.string().max(512),
});
export const setActiveRequest = z.object({ active: z.boolean() });
/** System roles separated by spaces, e.g. `system_user system_admin`. */
export const setRolesRequest = z.object({ roles: z.string().max(256) });
export const userIdsRequest = z.array(id).min(1).max(limits.idsMax);
export const usernamesRequest = z.array(z.string().max(limits.usernameMax)).min(1).max(limits.idsMax);

export const userAutocomplete = z.object({ users: z.array(user), out_of_channel: z.array(user).optional() });
export type UserAutocomplete = z.infer<typeof userAutocomplete>;

export const loginRequest = z.object({
  login_id: z.string().max(limits.emailMax),
  password: z.string().max(512),
  token: z.string().optional(),
  device_id: z.string().optional(),
});
export type LoginRequest = z.infer<typeof loginRequest>;

export const userSearchRequest = z.object({
  term: z.string().min(1).max(128),
  team_id: id.or(z.literal('')).optional(),
  not_in_team_id: id.or(z.literal('')).optional(),
  in_channel_id: id.or(z.literal('')).optional(),
  not_in_channel_id: id.or(z.literal('')).optional(),
  /** Only those who are in no team. */
  without_team: z.boolean().default(false),
  allow_inactive: z.boolean().default(false),
  limit: z.int().min(1).max(1000).default(100),
});
export type UserSearchRequest = z.input<typeof userSearchRequest>;

export const session = z.object({
  id,
  create_at: millis,
  expires_at: millis,
  last_activity_at: millis,
  user_id: id,
  device_id: z.string(),
  roles: z.string(),
  is_oauth: z.boolean(),
  props: stringMap,
});
export type Session = z.infer<typeof session>;

export const revokeSessionRequest = z.object({ session_id: id });
export const sessionDeviceRequest = z.object({ device_id: z.string().min(1).max(512) });

export const statusName = z.enum(['online', 'away', 'dnd', 'offline']);
export const status = z.object({
  user_id: id,
  status: statusName,
  /** Chosen by the user: it stays although they come, go or rest. */
  manual: z.boolean(),
  last_activity_at: millis,
  /** When "do not disturb" ends, in *seconds* since 1970; absent when it does not end by itself. */
  dnd_end_time: z.int().positive().optional(),
});
export type Status = z.infer<typeof status>;
export const updateStatusRequest = z.object({
  user_id: id,
  status: statusName,
  /** Only with `dnd`; seconds since 1970, 0 = it does not end by itself. */
  dnd_end_time: z.int().nonnegative().max(99_999_999_999).default(0),
});

export const preference = z.object({
  user_id: id,
  category: z.string().min(1).max(32),
  /** May be empty: a theme for all teams has no name. */
  name: z.string().max(64),
  value: z.string().max(20_000),
});
export type Preference = z.infer<typeof preference>;

export const savePreferencesRequest = z.array(preference).min(1).max(100);
export const deletePreferencesRequest = z
  .array(preference.omit({ value: true }))
  .min(1)
  .max(100);
