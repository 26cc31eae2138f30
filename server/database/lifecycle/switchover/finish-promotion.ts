import type { Clock } from '../../clock.ts';
import type { Connection, Dialect, ProbeReading } from '../../dialect/dialect.ts';

/**
 * Goes on with a promotion that was told and may have been interrupted: an engine that takes several statements for it
 * stays between two of them when their sender dies. Changes nothing on a replica that follows its master, and on a master.
 *
 * @param reading what the candidate has just said.
 */
export async function finishPromotion(
  { dialect, clock }: { readonly dialect: Dialect; readonly clock: Clock },
  connection: Connection,
  { role, receiving }: ProbeReading,
  limitMs: number,
): Promise<void> {
  // It follows nobody any more, and was not opened.
  if (role === 'read-only') await dialect.switching.unfence(connection, { clock, ms: limitMs });
  // It receives nothing any more; on an engine that promotes in one go it is about to be a master, and is told once more.
  if (role === 'replica' && !receiving) await dialect.switching.promote(connection, limitMs);
}
