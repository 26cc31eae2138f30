import type { DatabaseStatus } from '../../../../contract/index.ts';
import { formatDuration } from '../../ui/index.ts';
import { databaseMessages } from '../messages/database.ts';
import { Facts } from '../panel/facts.tsx';
import { Panel } from '../panel/panel.tsx';
import { type Text, useText } from '../texts.ts';

/** Where the reads went and why, what became of the writes, and how safe an acknowledged write is. */
export function TrafficPanel({ status }: { status: DatabaseStatus }) {
  const text = useText();
  const { reads, writes, gate, durability, automatic_promotion: promotion, patroni } = status;
  const reasons = Object.entries(reads.master_by_reason).map(
    ([reason, count]) => `${count} ${reasonText(reason, text)}`,
  );
  return (
    <Panel title={text('database.traffic')}>
      <Facts
        facts={[
          [text('database.traffic.replica'), reads.replica_total],
          [text('database.traffic.master'), [reads.master_total, ...reasons].join(' · ')],
          [text('database.traffic.retried'), reads.retried_total],
          [text('database.traffic.behind'), reads.behind_total],
          [text('database.traffic.writes'), writes.acknowledged_total],
          [
            text('database.traffic.unknown'),
            text('database.traffic.unknown.value', { unknown: writes.unknown_total, resolved: writes.resolved_total }),
          ],
          [
            text('database.traffic.gate'),
            text('database.traffic.gate.value', { released: gate.released_total, expired: gate.expired_total }),
          ],
          [
            text('database.traffic.hold'),
            gate.last_hold_ms === null ? text('console.none') : formatDuration(gate.last_hold_ms),
          ],
          [text('database.traffic.durability'), durability.text],
          [
            text('database.traffic.promotion'),
            promotion === undefined || promotion.state === 'off'
              ? text('database.traffic.promotion.off')
              : promotion.text,
          ],
          ...(patroni === undefined || patroni.state === 'off'
            ? []
            : [[text('database.traffic.patroni'), patroniText(patroni, text)] as const]),
        ]}
      />
    </Panel>
  );
}

function patroniText({ state, text: words }: NonNullable<DatabaseStatus['patroni']>, text: Text): string {
  return state === 'unreachable' ? text('database.traffic.patroni.unreachable', { reason: words }) : words;
}

/** A reason that this page does not know is shown as the server calls it. */
function reasonText(reason: string, text: Text): string {
  const id = `database.reason.${reason}`;
  return id in databaseMessages ? text(id as keyof typeof databaseMessages) : reason;
}
