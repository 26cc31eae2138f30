import { formatShare } from '../format/numbers.ts';
import { lagText } from '../database/connections-table.tsx';
import { SourceBadge } from '../database/source-health.tsx';
import { DataTable } from '../panel/data-table.tsx';
import { useText } from '../texts.ts';
import classes from './topology.module.css';
import type { TopologyProps } from './topology-props.ts';

/** The diagram's content in words. */
export function TopologyTable({ status, rates, onShow }: TopologyProps) {
  const text = useText();
  return (
    <DataTable
      label={text('overview.topology')}
      rows={status.sources}
      rowKey={(source) => source.name}
      columns={[
        {
          name: text('overview.column.name'),
          header: true,
          cell: ({ name }) => (
            <button type="button" className={classes.link} onClick={() => onShow(name)}>
              {name}
            </button>
          ),
        },
        { name: text('overview.column.role'), cell: (source) => text(`console.role.${source.assigned_role}`) },
        { name: text('overview.column.health'), cell: (source) => <SourceBadge source={source} /> },
        {
          name: text('overview.column.reads'),
          numeric: true,
          cell: ({ name }) => formatShare(rates.readShares.get(name) ?? 0),
        },
        {
          name: text('overview.column.lag'),
          numeric: true,
          cell: (source) => lagText(source, text),
        },
      ]}
    />
  );
}
