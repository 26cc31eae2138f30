import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import type { Operation } from '../../../../contract/index.ts';
import { copyText, formatDuration } from '../../ui/index.ts';
import { useOperation } from '../data/queries.ts';
import { ConsoleLink } from '../frame/console-link.tsx';
import { PageHeader } from '../frame/page-header.tsx';
import { Moment } from '../panel/age.tsx';
import { Facts } from '../panel/facts.tsx';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { CancelOperation } from './cancel-operation.tsx';
import { OperationSteps } from './operation-steps.tsx';
import { OutcomeBadge } from './operations-panel.tsx';
import { RecycleDialog } from './recycle-dialog.tsx';
import { resultText } from './recycle-panel.tsx';
import { SwitchBack } from './switch-back.tsx';
import { useRecycle } from './use-recycle.ts';
import { SwitchRemainder } from './switch/index.ts';

/** One operation, live while it runs, and its report afterwards. */
export function OperationPage({ id }: { id: string }) {
  const text = useText();
  const operation = useOperation(id);
  const title = text('operation.title');
  return (
    <>
      <PageHeader
        title={title}
        badge={operation.data ? <OutcomeBadge operation={operation.data} /> : null}
        actions={
          operation.data ? (
            <>
              <CancelOperation operation={operation.data} />
              <SwitchBackFromPage key={id} operation={operation.data} />
              <CopyReport operation={operation.data} />
            </>
          ) : null
        }
      >
        <ConsoleLink to="database">{text('operation.back')}</ConsoleLink>
      </PageHeader>
      <QueryContent title={title} query={operation}>
        {(data) => <OperationContent operation={data} />}
      </QueryContent>
    </>
  );
}

/** The recycle that ends it is followed on the Database page. */
function SwitchBackFromPage({ operation }: { operation: Operation }) {
  const navigate = useNavigate();
  const { dialogOpen, plan, openDialog, closeDialog, start } = useRecycle();
  const begin = useCallback(
    (override?: string) => {
      start(override);
      void navigate({ to: '/admin_console/$', params: { _splat: 'database' } });
    },
    [start, navigate],
  );
  return (
    <>
      <SwitchBack operation={operation} openRecycle={openDialog} />
      <RecycleDialog opened={dialogOpen} plan={plan} runningActor={undefined} onClose={closeDialog} onStart={begin} />
    </>
  );
}

function OperationContent({ operation }: { operation: Operation }) {
  const text = useText();
  const { started_at: start, ended_at: end, write_hold_ms: hold, actor, kind } = operation;
  const none = text('console.none');
  return (
    <>
      <Panel title={text('recycle.title', { kind: text(`database.operation.kind.${kind}`), actor })}>
        <OperationSteps steps={operation.steps} />
        <div role="status" aria-label={text('recycle.result')}>
          {operation.outcome === 'running' ? null : resultText(operation, text)}
        </div>
      </Panel>
      <Panel title={text('operation.facts')}>
        <Facts
          facts={[
            [text('database.operation.time'), <Moment key="start" at={start} />],
            [text('database.operation.took'), end === null ? none : formatDuration(end - start)],
            [text('database.operation.hold'), hold === null ? none : formatDuration(hold)],
          ]}
        />
      </Panel>
      {operation.overridden === undefined ? null : (
        <Panel title={text('operation.overridden')}>
          <ul>
            {operation.overridden.map((check) => (
              <li key={check}>{check}</li>
            ))}
          </ul>
        </Panel>
      )}
      <SwitchRemainder operation={operation} />
    </>
  );
}

function CopyReport({ operation }: { operation: Operation }) {
  const text = useText();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    setCopied(await copyText(JSON.stringify(operation, null, 2)));
  };
  return (
    <Button variant="default" onClick={() => void copy()}>
      {text(copied ? 'operation.copied' : 'operation.copy')}
    </Button>
  );
}
