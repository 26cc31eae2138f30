import type { ConfigStatus, DatabaseStatus, DataSourceStatus, DiskStatus } from '../../../../contract/index.ts';
import type { Tone } from '../../ui/index.ts';
import { diskWarnings } from '../disk/disk-words.ts';
import type { overviewMessages } from '../messages/overview.ts';

type WarningMessage = Extract<keyof typeof overviewMessages, `overview.warning.${string}`>;

/** Something that an operator should know of, worst first. `text` stands for itself, `message` is looked up. */
export interface Warning {
  readonly key: string;
  readonly tone: Tone;
  readonly message?: WarningMessage;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly text?: string;
  readonly link?: 'configuration' | 'database';
}

type DiskWarning = DiskStatus['warnings'][number];

/** All warnings in the order of how much they hurt. `config` may not be there yet. */
export function warningsOf(status: DatabaseStatus, config: ConfigStatus | undefined): Warning[] {
  return [
    ...modeWarnings(status),
    ...sourceWarnings(status.sources),
    ...diskWarnings(status.sources).map(diskWarning),
    ...(config ? configWarnings(config) : []),
    ...budgetWarnings(status),
    ...promotionWarnings(status),
    ...durabilityWarnings(status),
  ];
}

function modeWarnings({ mode }: DatabaseStatus): Warning[] {
  if (mode.mode === 'normal') return [];
  const tone = mode.mode === 'read-only' ? 'bad' : 'info';
  return [{ key: 'mode', tone, message: `overview.warning.${mode.mode}`, values: { reason: mode.reason } }];
}

function sourceWarnings(sources: readonly DataSourceStatus[]): Warning[] {
  const replicas = sources.filter((source) => source.assigned_role === 'replica');
  const noneServes =
    replicas.length > 0 && replicas.every((replica) => replica.health !== 'online' || replica.taken_out !== null);
  const each = sources
    .filter((source) => source.health !== 'online' && source.health !== 'draining')
    .map((source): Warning => {
      const { name, cause, health } = source;
      const message = health === 'offline' ? 'overview.warning.unreachable' : 'overview.warning.out_of_rotation';
      const tone = source.assigned_role === 'master' ? 'bad' : 'warning';
      return { key: `source ${name}`, tone, message, values: { name, cause }, link: 'database' };
    });
  const takenOut = sources.flatMap(({ name, taken_out: out }): Warning[] => {
    if (out === null) return [];
    const values = { name, by: out.by };
    return [{ key: `out ${name}`, tone: 'info', message: 'overview.warning.taken_out', values, link: 'database' }];
  });
  return noneServes
    ? [...each, ...takenOut, { key: 'replicas', tone: 'warning', message: 'overview.warning.no_replicas' }]
    : [...each, ...takenOut];
}

function diskWarning({ severity, text }: DiskWarning): Warning {
  return { key: `disk ${text}`, tone: severity === 'error' ? 'bad' : 'warning', text, link: 'database' };
}

function configWarnings(config: ConfigStatus): Warning[] {
  const warnings: Warning[] = [];
  const { file, layers } = config;
  const link = 'configuration';
  if (!file.valid) {
    const problem = file.problems.find(({ severity }) => severity === 'error')?.message ?? '';
    warnings.push({
      key: 'file',
      tone: 'warning',
      message: 'overview.warning.invalid_file',
      values: { problem },
      link,
    });
  } else if (layers.on_disk && layers.on_disk.sha !== layers.running.sha) {
    warnings.push({ key: 'reload', tone: 'warning', message: 'overview.warning.reload', link });
  }
  if (config.recycle_needed) {
    warnings.push({ key: 'recycle', tone: 'warning', message: 'overview.warning.recycle', link: 'database' });
  }
  return warnings;
}

function budgetWarnings({ connection_budget: { planned, allowed, source } }: DatabaseStatus): Warning[] {
  if (allowed === null || planned <= allowed) return [];
  const values = { planned, allowed, source: source ?? '' };
  return [{ key: 'budget', tone: 'warning', message: 'overview.warning.budget', values, link: 'database' }];
}

/** A setting that does nothing must not be found out on the day when it is needed. */
function promotionWarnings({ automatic_promotion: promotion }: DatabaseStatus): Warning[] {
  if (promotion?.state !== 'ineffective') return [];
  const values = { reason: promotion.text };
  return [{ key: 'promotion', tone: 'warning', message: 'overview.warning.promotion', values, link: 'database' }];
}

// Without replicas there is no failover that could lose anything.
function durabilityWarnings({ durability, sources }: DatabaseStatus): Warning[] {
  if (durability.mode !== 'asynchronous' || sources.length < 2) return [];
  return [{ key: 'durability', tone: 'info', text: durability.text }];
}
