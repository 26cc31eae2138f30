import { Button, Group } from '@mantine/core';
import type { Operation } from '../../../../contract/index.ts';
import { errorText } from '../../client/index.ts';
import { Banner, type Tone } from '../../ui/index.ts';
import { ConsoleLink } from '../frame/console-link.tsx';
import { Panel } from '../panel/panel.tsx';
import { type Text, useText } from '../texts.ts';
import { CancelOperation } from './cancel-operation.tsx';
import { OperationSteps } from './operation-steps.tsx';
import classes from './recycle-panel.module.css';
import { SwitchBack } from './switch-back.tsx';
import { switchResult } from './switch/report.ts';
import type { RecycleState } from './use-recycle.ts';

/** The operation that runs, whoever started it, and the result of the one that has ended. */
export function RecyclePanel({ recycle }: { recycle: RecycleState }) {
  const text = useText();
  const { operation, refusal, answerLost } = recycle;
  return (
    <div>
      {operation ? <OperationPanel operation={operation} /> : null}
      <div role="status" aria-label={text('recycle.result')} className={classes.result}>
        {operation && operation.outcome !== 'running' ? (
          <Banner
            tone={operation.overridden === undefined ? outcomeTone(operation.outcome) : 'warning'}
            actions={<ResultActions operation={operation} recycle={recycle} />}
          >
            {resultText(operation, text)}
          </Banner>
        ) : null}
        {!operation && refusal ? (
          <Banner tone="bad" actions={<Dismiss recycle={recycle} />}>
            {text('recycle.failed', { reason: errorText(refusal) })}
          </Banner>
        ) : null}
        {!operation && answerLost ? <Banner tone="warning">{text('recycle.lost_answer')}</Banner> : null}
      </div>
    </div>
  );
}

function OperationPanel({ operation }: { operation: Operation }) {
  const text = useText();
  const kind = text(`database.operation.kind.${operation.kind}`);
  return (
    <Panel
      title={text('recycle.title', { kind, actor: operation.actor })}
      actions={
        <Group gap="sm">
          <ConsoleLink to={`database/operations/${operation.id}`}>{text('recycle.page')}</ConsoleLink>
          <CancelOperation operation={operation} />
        </Group>
      }
    >
      <OperationSteps steps={operation.steps} />
    </Panel>
  );
}

function ResultActions({ operation, recycle }: { operation: Operation; recycle: RecycleState }) {
  return (
    <>
      <SwitchBack key={operation.id} operation={operation} openRecycle={recycle.openDialog} />
      <Dismiss recycle={recycle} />
    </>
  );
}

function Dismiss({ recycle }: { recycle: RecycleState }) {
  const text = useText();
  return (
    <Button size="compact-sm" variant="default" onClick={recycle.dismiss}>
      {text('recycle.dismiss')}
    </Button>
  );
}

export function outcomeTone(outcome: Operation['outcome']): Tone {
  if (outcome === 'succeeded') return 'good';
  if (outcome === 'running') return 'info';
  return outcome === 'cancelled' ? 'warning' : 'bad';
}

/** The end of an operation in a sentence or two. */
export function resultText(operation: Operation, text: Text): string {
  if (operation.kind === 'switchover') return switchResult(operation, text);
  const { outcome, summary, writes_held: held, writes_failed: failed } = operation;
  if (outcome === 'cancelled') return summary;
  if (outcome !== 'succeeded') return text('recycle.failed', { reason: summary });
  const writes = text('recycle.writes', { held: held ?? 0, failed: failed ?? 0 });
  return text('recycle.succeeded', { summary, writes });
}
