import { z } from 'zod';
import { id } from './ids.ts';
import { limits } from './limits.ts';
import { displayName } from './team.ts';

/** The three that every sidebar has, and those that users make. */
export const sidebarCategoryType = z.enum(['favorites', 'channels', 'direct_messages', 'custom']);
export type SidebarCategoryType = z.infer<typeof sidebarCategoryType>;

/** How the channels of a category are sorted; empty = as the user has put them. */
export const sidebarSorting = z.enum(['', 'manual', 'recent', 'alpha']);

/** Ids of the three begin with their type (`favorites_<user>_<team>`), others are 26 letters or digits. */
export const sidebarCategoryId = z.string().min(1).max(128);

/** One group of channels in a user's sidebar of a team. Every channel of the user is in exactly one of them. */
export const sidebarCategory = z.object({
  id: sidebarCategoryId,
  user_id: id,
  team_id: id,
  sort_order: z.int(),
  sorting: sidebarSorting,
  type: sidebarCategoryType,
  display_name: z.string(),
  muted: z.boolean(),
  collapsed: z.boolean(),
  /** In the order of the sidebar; direct channels included. */
  channel_ids: z.array(id),
});
export type SidebarCategory = z.infer<typeof sidebarCategory>;

export const sidebarCategories = z.object({ categories: z.array(sidebarCategory), order: z.array(sidebarCategoryId) });
export type SidebarCategories = z.infer<typeof sidebarCategories>;

const shared = {
  user_id: id,
  team_id: id,
  sorting: sidebarSorting.default(''),
  muted: z.boolean().default(false),
  collapsed: z.boolean().default(false),
  /** Channels that the user is not in are passed over; the others leave the category that they are in. */
  channel_ids: z.array(id).max(limits.idsMax).default([]),
};
export const createSidebarCategoryRequest = z.object({ ...shared, display_name: displayName });
export type CreateSidebarCategoryRequest = z.output<typeof createSidebarCategoryRequest>;

/** The name counts only for categories that a user has made. */
export const updateSidebarCategoryRequest = z.object({
  ...shared,
  id: sidebarCategoryId.optional(),
  display_name: z.string().trim().max(limits.displayNameMax).default(''),
});
export const updateSidebarCategoriesRequest = z
  .array(updateSidebarCategoryRequest.extend({ id: sidebarCategoryId }))
  .min(1)
  .max(limits.perPageMax);
export type UpdateSidebarCategory = z.output<typeof updateSidebarCategoriesRequest>[number];

/** All ids of the sidebar in their new order. */
export const sidebarOrderRequest = z.array(sidebarCategoryId).min(1).max(limits.perPageMax);
