import type { DataSourceStatus } from '../../../../contract/index.ts';
import classes from './pool-bar.module.css';

/** Connections in use, idle and at most, as numbers above a bar. */
export function PoolBar({ source }: { source: DataSourceStatus }) {
  const { in_use: used, idle, max } = source;
  const width = (count: number): string => `${max === 0 ? 0 : (count / max) * 100}%`;
  return (
    <div className={classes.pool}>
      <span className={classes.numbers}>
        {used} / {idle} / {max}
      </span>
      <svg className={classes.bar} aria-hidden="true">
        <rect className={classes.used} width={width(used)} height="100%" />
        <rect className={classes.idle} x={width(used)} width={width(idle)} height="100%" />
      </svg>
    </div>
  );
}
