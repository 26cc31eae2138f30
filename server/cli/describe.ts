import type {
  CheckResult,
  DatabaseStatus,
  FollowUp,
  Operation,
  OperationStep,
  RecyclePlan,
  SourceReport,
  SwitchoverPlan,
} from '../../contract/index.ts';

const healthNames = {
  online: 'Online',
  lagging: 'Lagging',
  suspect: 'Suspect',
  offline: 'Unreachable',
  draining: 'Draining',
} as const;

const marks = { passed: 'ok     ', warning: 'warning', failed: 'FAILED ', skipped: 'skipped' } as const;

/** A table without a ruler: columns as wide as their widest cell. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** The status as a person reads it. */
export function describeStatus({ mode, generation, sources }: DatabaseStatus): string[] {
  const rows = sources.map((source) => [
    source.name,
    source.assigned_role,
    healthNames[source.health],
    source.lag_seconds === null ? '' : `${source.lag_seconds} s`,
    source.cause,
  ]);
  return [
    `Mode ${mode.mode}, generation ${generation}.${mode.reason === '' ? '' : ` ${mode.reason}`}`,
    ...columns([['NAME', 'ROLE', 'HEALTH', 'LAG', 'CAUSE'], ...rows]),
  ];
}

const describeCheck = ({ outcome, name, text }: CheckResult): string => `${marks[outcome]}  ${name}: ${text}`;

export function describeReports(reports: readonly SourceReport[]): string[] {
  return reports.flatMap(({ name, assigned_role, checks }) => [
    `${name} (${assigned_role})`,
    ...checks.map((check) => `  ${describeCheck(check)}`),
  ]);
}

export function describeRecyclePlan(plan: RecyclePlan): string[] {
  const { changes, reports, possible, reason, overridable, effect } = plan;
  return [
    ...changes.map(({ name, text }) => `${name}: ${text}`),
    ...describeReports(reports),
    possible ? effect : `Recycling is not possible. ${reason}`,
    ...(overridable === null ? [] : describeOverride(overridable)),
  ];
}

function describeOverride({ name, accepts }: NonNullable<RecyclePlan['overridable']>): string[] {
  return [`It goes on all the same with --override ${name}, which accepts:`, ...accepts.map((text) => `    ${text}`)];
}

const describeFollowUp = ({ source, text, commands }: FollowUp): string[] => [
  `${text} (on ${source})`,
  ...commands.map((command) => `    ${command}`),
];

export function describePlan(plan: SwitchoverPlan): string[] {
  return [
    `${plan.emergency ? 'Emergency switchover' : 'Switchover'} from ${plan.from} to ${plan.to}`,
    ...plan.checks.map(describeCheck),
    ...plan.commands.flatMap(describeFollowUp),
    plan.possible ? plan.effect : `It is not possible. ${plan.reason}`,
  ];
}

/** A step as it happens; undefined while there is nothing to say about it. */
export function describeStep({ name, state, detail, took_ms }: OperationStep): string | undefined {
  if (state === 'pending') return undefined;
  if (state === 'running') return detail === '' ? undefined : `...      ${name}: ${detail}`;
  const mark = state === 'done' ? marks.passed : state === 'failed' ? marks.failed : marks.skipped;
  const took = took_ms === null ? '' : ` (${Math.round(took_ms)} ms)`;
  return `${mark}  ${name}${took}${detail === '' ? '' : `: ${detail}`}`;
}

/** The end of an operation, with what is left to do. */
export function describeEnd({ summary, outcome, follow_ups = [], configuration }: Operation): string[] {
  const outdated =
    configuration?.written === false
      ? [`${configuration.reason} Write this to ${configuration.setting}:`, `    ${configuration.text}`]
      : [];
  const end = outcome === 'running' ? 'The switch is made; old connections are still being closed.' : summary;
  return [end, ...outdated, ...follow_ups.flatMap(describeFollowUp)];
}
