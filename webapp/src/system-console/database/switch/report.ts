import type { FollowUp, MasterConfiguration, Operation, OperationStep } from '../../../../../contract/index.ts';
import { formatDuration, formatUtc } from '../../../ui/index.ts';
import type { Text } from '../../texts.ts';

/** The end of a master switch in a sentence or two. */
export function switchResult(operation: Operation, text: Text): string {
  const { outcome, summary, writes_held: held, writes_failed: failed } = operation;
  if (outcome === 'cancelled') return text('switch.cancelled', { reason: summary });
  if (outcome === 'failed-after-switch') return text('switch.incomplete', { reason: summary });
  if (outcome !== 'succeeded') return text('switch.failed', { reason: summary });
  const writes = text('recycle.writes', { held: held ?? 0, failed: failed ?? 0 });
  return text('switch.succeeded', { summary, writes });
}

/** What the page says of a switch, as text for a ticket or a mail. */
export function reportText(operation: Operation, text: Text): string {
  const { actor, started_at: start, steps, configuration, follow_ups: followUps = [] } = operation;
  const result = operation.outcome === 'running' ? text('database.outcome.running') : switchResult(operation, text);
  const head = [
    `${text('recycle.title', { kind: text('database.operation.kind.switchover'), actor })}, ${formatUtc(start)}`,
  ];
  return [
    [...head, result],
    measured(operation, text),
    steps.map((step) => stepLine(step, text)),
    configuration === undefined ? [] : configurationLines(configuration, text),
    followUps.length === 0 ? [] : [`${text('switch.follow_ups')}:`, ...followUps.flatMap(followUpLines)],
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

/** Names and values of what was measured; the page shows the same. */
export function measures(operation: Operation, text: Text): [name: string, value: string][] {
  const { started_at: start, ended_at: end, write_hold_ms: hold, writes_held: held, writes_failed: failed } = operation;
  const unknown = text('switch.report.unknown');
  return [
    [text('switch.report.hold'), hold === null ? unknown : formatDuration(hold)],
    [text('switch.report.held'), String(held ?? unknown)],
    [text('switch.report.failed'), String(failed ?? unknown)],
    [text('switch.report.took'), end === null ? unknown : formatDuration(end - start)],
  ];
}

const measured = (operation: Operation, text: Text): string[] =>
  measures(operation, text).map(([name, value]) => `${name}: ${value}`);

function stepLine({ name, state, took_ms: took, detail }: OperationStep, text: Text): string {
  const time = took === null ? '' : `, ${formatDuration(took)}`;
  return `${name}: ${text(`recycle.step.${state}`)}${time}${detail === '' ? '' : ` (${detail})`}`;
}

function configurationLines({ written, backup, reason, setting, text: words }: MasterConfiguration, text: Text) {
  if (written) return [text('switch.configuration.written'), text('switch.configuration.backup', { path: backup })];
  return [
    text('switch.configuration.not_written', { reason }),
    text('switch.configuration.paste', { setting }),
    `    ${words}`,
  ];
}

const followUpLines = ({ source, text, commands }: FollowUp): string[] => [
  `${source}: ${text}`,
  ...commands.map((command) => `    ${command}`),
];
