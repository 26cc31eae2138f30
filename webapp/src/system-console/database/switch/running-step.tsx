import type { Operation, OperationStep } from '../../../../../contract/index.ts';
import { Banner } from '../../../ui/index.ts';
import { Panel } from '../../panel/panel.tsx';
import { useText } from '../../texts.ts';
import { CancelOperation } from '../cancel-operation.tsx';
import { OperationSteps } from '../operation-steps.tsx';
import { outcomeTone } from '../recycle-panel.tsx';
import { Asked } from './commands.tsx';
import { switchResult } from './report.ts';
import classes from './switch.module.css';

/** The steps of the switch as they happen, and what they ask of a person. */
export function RunningStep({ operation }: { operation: Operation }) {
  const text = useText();
  const { actor, kind, steps, outcome } = operation;
  const asking = steps.find(({ asks }) => asks !== undefined);
  return (
    <Panel
      title={text('recycle.title', { kind: text(`database.operation.kind.${kind}`), actor })}
      actions={<CancelOperation operation={operation} />}
    >
      {asking ? <Promotion step={asking} /> : null}
      <OperationSteps steps={steps} label={text('switch.progress')} />
      <div role="status" aria-label={text('switch.result')} className={classes.section}>
        {outcome === 'running' ? null : <Banner tone={outcomeTone(outcome)}>{switchResult(operation, text)}</Banner>}
      </div>
    </Panel>
  );
}

/** The commands for the one who may promote, while they are awaited, and whether it has happened. */
function Promotion({ step: { asks, state } }: { step: OperationStep }) {
  const text = useText();
  if (asks === undefined) return null;
  const { source: name } = asks;
  return (
    <div className={classes.promotion}>
      {state === 'running' ? <Asked asked={asks} /> : null}
      <div role="status" aria-label={text('switch.promotion')}>
        {state === 'running' ? text('switch.waiting', { name }) : null}
        {state === 'done' ? text('switch.promoted', { name }) : null}
        {state === 'failed' ? text('switch.not_promoted', { name }) : null}
      </div>
    </div>
  );
}
