import type { ReactNode } from 'react';
import type { DiskStatus } from '../../../../contract/index.ts';
import { formatDuration } from '../../ui/index.ts';
import { formatBytes } from '../format/numbers.ts';
import { Moment } from '../panel/age.tsx';
import type { Text } from '../texts.ts';
import { timesText, usedOf } from './disk-words.ts';

type Fact = readonly [name: string, value: ReactNode];

const hourMs = 3_600_000;

/** All that is known about the space of one data source; what is not says how it becomes known. */
export function diskFacts(disk: DiskStatus, text: Text): Fact[] {
  const { log_space: logSpace, times_master: times, warnings } = disk;
  const space = disk.space
    ? spaceText(disk.space, text)
    : text('database.source.disk.unknown', { how: disk.unknown ?? '' });
  return [
    [text('database.source.disk'), space],
    ...(logSpace ? [[text('database.source.log_disk'), spaceText(logSpace, text)] as const] : []),
    ...(times === null ? [] : [[text('database.source.times'), timesText(times, text)] as const]),
    [text('database.source.sizes'), `${bytesText(disk.database_bytes, text)} / ${bytesText(disk.log_bytes, text)}`],
    [text('database.source.growth'), growthText(disk, text)],
    [text('database.source.disk_checked'), checkedText(disk, text)],
    ...(warnings.length > 0
      ? [[text('database.source.disk_warnings'), warnings.map((warning) => warning.text).join(' ')] as const]
      : []),
  ];
}

function spaceText(space: NonNullable<DiskStatus['space']>, text: Text): string {
  return text('database.source.disk.value', {
    used: formatBytes(usedOf(space)),
    free: formatBytes(space.free_bytes),
    total: formatBytes(space.total_bytes),
    source: space.source,
  });
}

function bytesText(bytes: number | null, text: Text): string {
  return bytes === null ? text('database.disk.unknown') : formatBytes(bytes);
}

function growthText({ growth_bytes_per_hour: growth, hours_left: left }: DiskStatus, text: Text): string {
  if (growth === null) return text('database.source.growth.unknown');
  const bytes = `${growth < 0 ? '−' : ''}${formatBytes(Math.abs(growth))}`;
  if (left === null) return text('database.source.growth.value', { bytes });
  return text('database.source.growth.left', { bytes, left: formatDuration(left * hourMs) });
}

function checkedText({ checked_at: at, failure }: DiskStatus, text: Text): ReactNode {
  return (
    <>
      {at === null ? text('console.none') : <Moment at={at} />}
      {failure === null ? '' : ` ${text('database.source.disk_failed', { reason: failure })}`}
    </>
  );
}
