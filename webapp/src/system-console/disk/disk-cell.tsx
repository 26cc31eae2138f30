import type { DiskStatus } from '../../../../contract/index.ts';
import { formatBytes, formatShare } from '../format/numbers.ts';
import { useText } from '../texts.ts';
import classes from './disk-cell.module.css';
import { timesText, usedOf } from './disk-words.ts';

/** Used and free, how that compares with the master's disk, or that it is unknown with what would make it known. */
export function DiskCell({ disk }: { disk: DiskStatus }) {
  const text = useText();
  const { space, unknown, warnings, times_master: times } = disk;
  const told = warnings.map((warning) => warning.text).join('\n');
  const asides = [
    ...(space ? [text('database.disk.share', { share: formatShare(usedOf(space) / space.total_bytes) })] : []),
    ...(times === null ? [] : [timesText(times, text)]),
    ...(warnings.length > 0 ? [text('database.disk.warnings', { count: warnings.length })] : []),
  ];
  return (
    <div className={classes.disk} title={told || (unknown ?? '')}>
      {space
        ? text('database.disk', { used: formatBytes(usedOf(space)), free: formatBytes(space.free_bytes) })
        : text('database.disk.unknown')}
      {asides.length > 0 ? <span className={classes.aside}>{asides.join(' · ')}</span> : null}
    </div>
  );
}
