import { useState } from 'react';
import type { DatabaseStatus } from '../../../../contract/index.ts';
import { useDatabaseStatus } from '../data/queries.ts';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { ConnectionBudget } from './connection-budget.tsx';
import { ConnectionsTable } from './connections-table.tsx';
import { DrainingPools } from './draining-pools.tsx';
import { OperationsPanel } from './operations-panel.tsx';
import { SourceDialog } from './source-dialog.tsx';
import { TrafficPanel } from './traffic-panel.tsx';

/** The live pools, one row per data source, and what went through them. */
export function ConnectionsTab() {
  const text = useText();
  const status = useDatabaseStatus();
  const title = text('database.connections');
  return (
    <>
      <Panel title={title}>
        <QueryContent title={title} query={status}>
          {(data) => <Connections status={data} />}
        </QueryContent>
      </Panel>
      {status.data ? <TrafficPanel status={status.data} /> : null}
      <OperationsPanel />
    </>
  );
}

function Connections({ status }: { status: DatabaseStatus }) {
  const [shown, show] = useState<string>();
  return (
    <>
      <ConnectionsTable sources={status.sources} onShow={show} />
      <DrainingPools pools={status.draining} />
      <ConnectionBudget budget={status.connection_budget} />
      <SourceDialog source={status.sources.find((source) => source.name === shown)} onClose={() => show(undefined)} />
    </>
  );
}
