import type { Dialect } from '../../dialect/dialect.ts';
import type { DatabaseSettings } from '../../settings/settings.ts';
import type { Topology } from '../../topology/index.ts';

/** Whether the loss of the master is answered by a promotion of ours. */
export interface AutomaticPromotionStatus {
  /** `ineffective`: switched on, and nobody would be promoted. */
  state: 'off' | 'ready' | 'ineffective';
  /** What happens when the master is lost, or why nothing does and what to do; empty when it is off. */
  text: string;
}

/**
 * Why nobody may be promoted, as far as the settings and the master's last good probe tell; empty when somebody may. It is
 * never done where an acknowledged write could be lost by it.
 */
export function whyIneffective(settings: DatabaseSettings, { master, members }: Topology, dialect: Dialect): string {
  if (settings.patroniUrls.length > 0) return 'PatroniUrls is set: Patroni decides who is promoted.';
  if (!settings.followPromotion) return 'FollowPromotion is off, and a promoted replica would not be followed.';
  if (members.length < 2) return 'There is no replica.';
  const refusal = dialect.switching.refusal(master.version ?? '');
  if (refusal !== '') return refusal;
  if (master.synchronous?.weakened === true) {
    return 'A synchronous mode is configured, but commits do not wait for it: a replica may lack acknowledged writes.';
  }
  if (master.synchronous === null || master.durability === 'asynchronous') {
    return (
      `${master.name} commits asynchronously: a replica that takes over may lack acknowledged writes. ` +
      'Configure a synchronous mode (docs/guides/automatic-promotion.md).'
    );
  }
  return master.synchronous.gap;
}

export const notKnownYet = 'It is not known yet whether a replica could take over.';

/** @param reason why it does nothing; empty when it does. */
export function statusOf(
  { automaticPromotion, automaticPromotionAfterMs }: DatabaseSettings,
  reason: string,
): AutomaticPromotionStatus {
  if (!automaticPromotion) return { state: 'off', text: '' };
  if (reason !== '') return { state: 'ineffective', text: `Switched on, and does nothing: ${reason}` };
  const after = `${(automaticPromotionAfterMs / 1_000).toFixed(1)} s`;
  const text = `When the master is unreachable for ${after}, the replica that has every acknowledged write is promoted.`;
  return { state: 'ready', text };
}
