import { z } from 'zod';
import { limits } from './limits.ts';

const durations = [
  '',
  'thirty_minutes',
  'one_hour',
  'four_hours',
  'today',
  'this_week',
  'date_and_time',
  'custom_date_time',
] as const;

/** What a user says of themselves beside online or away, e.g. "on holiday". It has an emoji, a text, or both. */
export const customStatus = z.object({
  /** Name of an emoji, without colons. */
  emoji: z.string().max(limits.emojiNameMax).default(''),
  text: z.string().trim().max(limits.customStatusMax).default(''),
  /** What the user chose; clients compute `expires_at` from it. */
  duration: z.enum(durations).default(''),
  /** ISO 8601; `0001-01-01T00:00:00Z` = it does not end by itself. Clients hide it afterwards. */
  expires_at: z.iso.datetime({ offset: true }).max(40).default('0001-01-01T00:00:00Z'),
});
export type CustomStatus = z.output<typeof customStatus>;

export const setCustomStatusRequest = customStatus.refine(({ emoji, text }) => emoji !== '' || text !== '', {
  path: ['custom_status'],
});
