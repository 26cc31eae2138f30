import { Circle, CircleCheck, CircleMinus, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { OperationStep } from '../../../../contract/index.ts';
import { formatDuration, useClock } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './operation-steps.module.css';

const icons: Record<OperationStep['state'], LucideIcon> = {
  pending: Circle,
  running: LoaderCircle,
  done: CircleCheck,
  failed: CircleX,
  skipped: CircleMinus,
};

/** The named steps of an operation with their states and times. */
export function OperationSteps({ steps, label }: { steps: readonly OperationStep[]; label?: string }) {
  const text = useText();
  return (
    <ol className={classes.steps} aria-label={label ?? text('recycle.progress')}>
      {steps.map((step) => (
        <Step key={step.name} step={step} />
      ))}
    </ol>
  );
}

function Step({ step }: { step: OperationStep }) {
  const text = useText();
  const Icon = icons[step.state];
  return (
    <li data-state={step.state} aria-current={step.state === 'running' ? 'step' : undefined}>
      <Icon size={18} aria-hidden="true" />
      <span className={classes.name}>{step.name}</span>
      <span className={classes.state}>{text(`recycle.step.${step.state}`)}</span>
      <span className={classes.time}>
        <StepTime step={step} />
      </span>
      <span className={classes.detail}>{step.detail}</span>
    </li>
  );
}

function StepTime({ step }: { step: OperationStep }) {
  const now = useClock(500);
  if (step.took_ms !== null) return formatDuration(step.took_ms);
  return step.state === 'running' && step.started_at !== null ? formatDuration(now - step.started_at) : null;
}
