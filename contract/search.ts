import { z } from 'zod';
import { fileInfo } from './file.ts';
import { limits } from './limits.ts';
import { postList } from './post.ts';

/** Body of a search of posts or files. `terms` are Mattermost's: words, "phrases", #hashtags, `from:`, `in:`, `on:`, ... */
export const searchRequest = z.object({
  terms: z.string().max(limits.searchTermsMax),
  /** Any of the words will do. */
  is_or_search: z.boolean().nullish(),
  /** How far the clocks of the one who asks are ahead of UTC, in seconds. */
  time_zone_offset: z.int().min(-limits.timeZoneMax).max(limits.timeZoneMax).nullish(),
  /** Also in archived channels. */
  include_deleted_channels: z.boolean().nullish(),
  /** From 0. */
  page: z.int().nonnegative().max(limits.searchPageMax).nullish(),
  /** Default 60; more than 200 is 200. */
  per_page: z.int().nonnegative().nullish(),
});
export type SearchRequest = z.infer<typeof searchRequest>;

/** The found posts, newest first. `matches` is what Mattermost's other search engines tell, and empty here. */
export const postSearchAnswer = postList.extend({ matches: z.record(z.string(), z.array(z.string())) });
export type PostSearchAnswer = z.infer<typeof postSearchAnswer>;

/** The found files, newest first. */
export const fileSearchAnswer = z.object({
  order: z.array(z.string()),
  file_infos: z.record(z.string(), fileInfo),
  next_file_info_id: z.string(),
  prev_file_info_id: z.string(),
  /** Nothing is hidden for its age here. */
  first_inaccessible_file_time: z.literal(0),
});
export type FileSearchAnswer = z.infer<typeof fileSearchAnswer>;
