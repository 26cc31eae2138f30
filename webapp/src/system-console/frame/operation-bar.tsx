import { LoaderCircle } from 'lucide-react';
import type { Operation } from '../../../../contract/index.ts';
import { formatDuration, useClock } from '../../ui/index.ts';
import { useOperations } from '../data/queries.ts';
import { useText } from '../texts.ts';
import { ConsoleLink } from './console-link.tsx';
import classes from './operation-bar.module.css';

/** On every page: the operation that runs, its step and its time, and the way to its page. */
export function OperationBar() {
  const text = useText();
  const running = useOperations().data?.find(({ outcome }) => outcome === 'running');
  return (
    <div className={classes.place} role="status" aria-label={text('console.operation')}>
      {running ? <Running operation={running} /> : null}
    </div>
  );
}

function Running({ operation }: { operation: Operation }) {
  const text = useText();
  const { id, kind, actor, steps, started_at: start } = operation;
  const step = steps.find(({ state }) => state === 'running');
  return (
    <div className={classes.bar}>
      <LoaderCircle size={16} aria-hidden="true" />
      <ConsoleLink to={`database/operations/${id}`}>
        {text('recycle.title', { kind: text(`database.operation.kind.${kind}`), actor })}
      </ConsoleLink>
      <span>{step?.name}</span>
      {/* A status that is read aloud twice a second would say nothing else. */}
      <span className={classes.time} aria-hidden="true">
        <Elapsed since={start} />
      </span>
    </div>
  );
}

function Elapsed({ since }: { since: number }) {
  return formatDuration(Math.max(0, useClock(500) - since));
}
