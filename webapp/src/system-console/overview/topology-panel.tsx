import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { Panel } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { TopologyDiagram } from './topology-diagram.tsx';
import type { TopologyProps } from './topology-props.ts';
import { TopologyTable } from './topology-table.tsx';

/** Who is master, who follows, who serves the reads: as a diagram or as a table. */
export function TopologyPanel(props: TopologyProps) {
  const text = useText();
  const [view, setView] = useState<'diagram' | 'table'>('diagram');
  return (
    <Panel
      title={text('overview.topology')}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={text('overview.topology.view')}
          value={view}
          onChange={(value) => setView(value === 'table' ? 'table' : 'diagram')}
          data={[
            { value: 'diagram', label: text('overview.topology.diagram') },
            { value: 'table', label: text('overview.topology.table') },
          ]}
        />
      }
    >
      {view === 'diagram' ? <TopologyDiagram {...props} /> : <TopologyTable {...props} />}
    </Panel>
  );
}
