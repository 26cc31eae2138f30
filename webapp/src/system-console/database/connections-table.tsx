import type { DataSourceStatus } from '../../../../contract/index.ts';
import { DiskCell } from '../disk/disk-cell.tsx';
import { formatBytes, formatNumber, formatSeconds } from '../format/numbers.ts';
import { Age } from '../panel/age.tsx';
import { type Column, DataTable } from '../panel/data-table.tsx';
import { type Text, useText } from '../texts.ts';
import classes from './connections-table.module.css';
import { PoolBar } from './pool-bar.tsx';
import { SourceBadge, SourceCause } from './source-health.tsx';
import { SourceName } from './source-name.tsx';
import { type RowActions, SourceMenu } from './source-menu.tsx';

interface ConnectionsTableProps {
  readonly sources: readonly DataSourceStatus[];
  readonly actions: RowActions;
}

/** One row per data source: who it is, how it is and why, and its load. */
export function ConnectionsTable({ sources, actions }: ConnectionsTableProps) {
  const text = useText();
  return (
    <DataTable
      label={text('database.connections')}
      rows={sources}
      rowKey={(source) => source.name}
      columns={[
        ...identityColumns(text),
        ...loadColumns(text),
        ...stateColumns(text),
        {
          name: text('database.column.actions'),
          hiddenName: true,
          cell: (source) => <SourceMenu source={source} actions={actions} />,
        },
      ]}
    />
  );
}

function identityColumns(text: Text): Column<DataSourceStatus>[] {
  return [
    {
      name: text('database.column.name'),
      header: true,
      cell: ({ name, user }) => (
        <>
          <span className={classes.name}>
            <SourceName name={name} />
          </span>
          <span className={classes.aside}>{user}</span>
        </>
      ),
    },
    { name: text('database.column.role'), cell: (source) => <Role source={source} /> },
    {
      name: text('database.column.health'),
      cell: (source) => (
        <>
          <SourceBadge source={source} />
          <div className={classes.cause}>
            <SourceCause source={source} />
          </div>
        </>
      ),
    },
  ];
}

function loadColumns(text: Text): Column<DataSourceStatus>[] {
  return [
    { name: text('database.column.pool'), cell: (source) => <PoolBar source={source} /> },
    { name: text('database.column.waiting'), numeric: true, cell: ({ waiting }) => waiting },
    {
      name: text('database.column.rate'),
      numeric: true,
      cell: ({ queries_per_second: rate }) => formatNumber(rate),
    },
    {
      name: text('database.column.p95'),
      numeric: true,
      cell: ({ p95_ms: p95 }) =>
        p95 === null ? text('console.none') : text('database.p95', { p95: formatNumber(p95) }),
    },
    {
      name: text('database.column.errors'),
      numeric: true,
      cell: ({ errors_per_minute: rate }) => formatNumber(rate),
    },
  ];
}

function stateColumns(text: Text): Column<DataSourceStatus>[] {
  return [
    { name: text('database.column.lag'), numeric: true, cell: (source) => lagText(source, text) },
    { name: text('database.column.disk'), cell: ({ disk }) => <DiskCell disk={disk} /> },
    {
      name: text('database.column.version'),
      cell: ({ server_version: version }) => version ?? text('database.lag.unknown'),
    },
    { name: text('database.column.checked'), numeric: true, cell: ({ checked_at: at }) => <Age at={at} /> },
  ];
}

/** Seconds and bytes; a master has no lag, and what was not measured is called unknown. */
export function lagText(source: DataSourceStatus, text: Text): string {
  const { lag_seconds: seconds, lag_bytes: bytes } = source;
  if (source.observed_role === 'master') return text('database.lag.master');
  if (seconds === null && bytes === null) return text('database.lag.unknown');
  return [seconds === null ? [] : formatSeconds(seconds), bytes === null ? [] : formatBytes(bytes)].flat().join(' · ');
}

/** The configured role, and what the database says when that is something else. */
function Role({ source }: { source: DataSourceStatus }) {
  const text = useText();
  const { assigned_role: assigned, observed_role: observed } = source;
  const expected = assigned === 'master' ? 'master' : 'replica';
  return (
    <>
      {text(`console.role.${assigned}`)}
      {observed === expected || observed === 'unknown' ? null : (
        <div className={classes.cause}>
          {text('database.role.differs', { observed: text(`database.observed.${observed}`) })}
        </div>
      )}
    </>
  );
}
