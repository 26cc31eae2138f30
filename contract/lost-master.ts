import { z } from 'zod';
import { millis } from './ids.ts';

/** What a commit waits for, and what the loss of the master without warning would cost. */
export const durability = z.object({
  mode: z.enum(['asynchronous', 'synchronous', 'synchronous-visible', 'unknown']),
  /** What an unplanned loss of the master could cost, in words. */
  text: z.string(),
  /** Whether the configured synchronous mode is kept; null without one, and when it cannot be told. */
  met: z.boolean().nullable().optional(),
  /** Acknowledged writes of this server that no replica has at the moment. */
  at_risk_writes: z.int().optional(),
});

/** Whether the loss of the master is answered by a promotion of ours. */
export const automaticPromotion = z.object({
  /** `ineffective`: switched on, and nobody would be promoted. */
  state: z.enum(['off', 'ready', 'ineffective']),
  /** What happens when the master is lost, or why nothing does and what to do; empty when it is off. */
  text: z.string(),
});

/** What Patroni's REST interface says, where there is one, or why it says nothing. The databases decide. */
export const patroniStatus = z.object({
  /** `waiting`: not asked yet. */
  state: z.enum(['off', 'waiting', 'answers', 'unreachable']),
  /** One line; empty when it is off. */
  text: z.string(),
  /** Of the last look; null before the first. */
  checked_at: millis.nullable(),
});
