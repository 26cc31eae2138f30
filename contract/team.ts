import { z } from 'zod';
import { id, millis } from './ids.ts';
import { limits } from './limits.ts';

export const slug = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9_-]*$/)
  .min(limits.nameMin)
  .max(limits.nameMax);
export const displayName = z.string().trim().min(1).max(limits.displayNameMax);

export const team = z.object({
  id,
  create_at: millis,
  update_at: millis,
  delete_at: millis,
  display_name: z.string(),
  name: z.string(),
  description: z.string(),
  email: z.string(),
  type: z.enum(['O', 'I']),
  company_name: z.string(),
  allowed_domains: z.string(),
  invite_id: z.string(),
  allow_open_invite: z.boolean(),
  /** When the picture was set, and part of its address; 0 = there is none. */
  last_team_icon_update: millis,
});
export type Team = z.infer<typeof team>;

export const createTeamRequest = z.object({
  name: slug,
  display_name: displayName,
  type: z.enum(['O', 'I']),
  description: z.string().max(255).default(''),
  allow_open_invite: z.boolean().optional(),
});
export type CreateTeamRequest = z.input<typeof createTeamRequest>;

export const patchTeamRequest = z.object({
  display_name: displayName.optional(),
  description: z.string().max(255).optional(),
  allow_open_invite: z.boolean().optional(),
});

/** O: everybody may join, I: by invitation only. */
export const teamPrivacyRequest = z.object({ privacy: z.enum(['O', 'I']) });

/** Finds teams whose name or display name contains the term. With `page` and `per_page` the answer is a page. */
export const teamSearchRequest = z.object({
  term: z.string().max(limits.displayNameMax).default(''),
  page: z.int().nonnegative().max(999_999_999).optional(),
  per_page: z.int().nonnegative().optional(),
});
export const teamsPage = z.object({ teams: z.array(team), total_count: z.int() });
export type TeamsPage = z.infer<typeof teamsPage>;

export const teamExists = z.object({ exists: z.boolean() });

/** What a link of invitation leads to, for whoever has it. */
export const teamInvite = team.pick({ id: true, name: true, display_name: true, description: true });

export const teamStats = z.object({
  team_id: id,
  total_member_count: z.int(),
  active_member_count: z.int(),
});

export const teamMember = z.object({
  team_id: id,
  user_id: id,
  roles: z.string(),
  delete_at: millis,
  scheme_guest: z.boolean(),
  scheme_user: z.boolean(),
  scheme_admin: z.boolean(),
  explicit_roles: z.string(),
});
export type TeamMember = z.infer<typeof teamMember>;

/** How it went with one of several who were to be taken into a team. */
export const teamMemberResult = z.object({
  user_id: id,
  member: teamMember.nullable(),
  error: z.object({ id: z.string(), message: z.string(), status_code: z.int() }).nullable(),
});
export type TeamMemberResult = z.infer<typeof teamMemberResult>;

/** Roles of a member separated by spaces, e.g. `team_user team_admin`. */
export const memberRolesRequest = z.object({ roles: z.string().max(256) });
export const memberSchemeRolesRequest = z.object({
  scheme_admin: z.boolean(),
  scheme_user: z.boolean(),
  scheme_guest: z.boolean().default(false),
});
export type MemberSchemeRoles = z.output<typeof memberSchemeRolesRequest>;
export const addTeamMemberRequest = z.object({ team_id: id, user_id: id });
export const addTeamMembersRequest = z.array(addTeamMemberRequest).min(1).max(limits.perPageMax);

export const teamUnread = z.object({
  team_id: id,
  msg_count: z.int(),
  mention_count: z.int(),
  mention_count_root: z.int(),
  msg_count_root: z.int(),
  /** Unread threads, and unread mentions in threads: only when they are asked for. */
  thread_count: z.int().optional(),
  thread_mention_count: z.int().optional(),
  thread_urgent_mention_count: z.int().optional(),
});
export type TeamUnread = z.infer<typeof teamUnread>;
