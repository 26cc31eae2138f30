import { useState } from 'react';
import type { DatabaseStatus } from '../../../../contract/index.ts';
import { useDatabaseStatus } from '../data/queries.ts';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { ConnectionBudget } from './connection-budget.tsx';
import { ConnectionsTable } from './connections-table.tsx';
import { DrainingPools } from './draining-pools.tsx';
import { ErrorsDialog } from './errors-dialog.tsx';
import { OperationsPanel } from './operations-panel.tsx';
import { RotationDialog } from './rotation-dialog.tsx';
import { SourceDialog } from './source-dialog.tsx';
import type { RowActions } from './source-menu.tsx';
import { TrafficPanel } from './traffic-panel.tsx';
import { useRotation } from './use-rotation.ts';
import type { ConnectionTest } from './use-test-connections.ts';

/** The live pools, one row per data source, and what went through them. */
export function ConnectionsTab({ test }: { test: ConnectionTest }) {
  const text = useText();
  const status = useDatabaseStatus();
  const title = text('database.connections');
  return (
    <>
      <Panel title={title}>
        <QueryContent title={title} query={status}>
          {(data) => <Connections status={data} test={test} />}
        </QueryContent>
      </Panel>
      {status.data ? <TrafficPanel status={status.data} /> : null}
      <OperationsPanel />
    </>
  );
}

function Connections({ status, test }: { status: DatabaseStatus; test: ConnectionTest }) {
  const [shown, show] = useState<string>();
  const [failing, showErrors] = useState<string>();
  const rotation = useRotation(status.sources);
  const actions: RowActions = { show, showErrors, test: test.start, takeOut: rotation.ask, putBack: rotation.putBack };
  return (
    <>
      <ConnectionsTable sources={status.sources} actions={actions} />
      <DrainingPools pools={status.draining} />
      <ConnectionBudget budget={status.connection_budget} />
      <SourceDialog source={status.sources.find((source) => source.name === shown)} onClose={() => show(undefined)} />
      <ErrorsDialog name={failing} onClose={() => showErrors(undefined)} />
      <RotationDialog rotation={rotation} />
    </>
  );
}
