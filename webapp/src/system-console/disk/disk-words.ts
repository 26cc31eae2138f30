import type { DatabaseStatus, DataSourceStatus, DiskStatus } from '../../../../contract/index.ts';
import { formatNumber } from '../format/numbers.ts';
import type { Text } from '../texts.ts';

type Space = NonNullable<DiskStatus['space']>;

export function usedOf({ total_bytes: total, free_bytes: free }: Space): number {
  return total - free;
}

/** `3.4× master` */
export function timesText(times: number, text: Text): string {
  return text('database.disk.times', { times: formatNumber(times) });
}

/** The data source with the least share of its disk free, of those where it is known. */
export function lowestDisk({ sources }: DatabaseStatus): { name: string; freeShare: number } | undefined {
  return sources
    .flatMap(({ name, disk: { space } }) => (space ? [{ name, freeShare: space.free_bytes / space.total_bytes }] : []))
    .toSorted((a, b) => a.freeShare - b.freeShare)[0];
}

/** What stands about disks, errors first. */
export function diskWarnings(sources: readonly DataSourceStatus[]): DiskStatus['warnings'] {
  const all = sources.flatMap(({ disk }) => disk.warnings);
  return [...all.filter(({ severity }) => severity === 'error'), ...all.filter(({ severity }) => severity !== 'error')];
}
