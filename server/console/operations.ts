import type { Operation, OperationStep } from '../../contract/index.ts';
import { operation as operationSchema } from '../../contract/index.ts';
import type { Logger } from '../observability/index.ts';
import { AppError, type Publisher } from '../services/index.ts';
import { type Journal, openJournal } from './journal.ts';

export interface OperationsDeps {
  /** File of JSON lines that keeps the operations over a restart. */
  readonly path: string;
  /** How many operations are kept; default 50. */
  readonly keep?: number;
  readonly publisher: Publisher;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** News of one step; the operation measures the times itself. */
export interface StepProgress {
  readonly name: string;
  readonly state: 'running' | 'done' | 'failed' | 'skipped';
  readonly detail: string;
  /** What a person has to do now so that the step ends. It stays with the step. */
  readonly asks?: { readonly source: string; readonly text: string; readonly commands: readonly string[] };
}

/** How an operation ended. Steps that never ran are shown as skipped. */
export type OperationEnd = Pick<Operation, 'summary'> & {
  readonly outcome: Exclude<Operation['outcome'], 'running'>;
} & Partial<
    Pick<
      Operation,
      | 'write_hold_ms'
      | 'writes_held'
      | 'writes_failed'
      | 'follow_ups'
      | 'configuration'
      | 'configuration_before'
      | 'overridden'
    >
  >;

export interface OperationRequest {
  readonly kind: Operation['kind'];
  readonly actor: string;
  /** What it does beyond its kind; a request joins a running operation only if this is the same. Default: nothing. */
  readonly target?: string;
  /** All steps in their order; they are shown as pending from the start. */
  readonly steps: readonly string[];
  /** The step from whose beginning on it cannot be cancelled any more; without it, it never can be. */
  readonly cancellableBefore?: string;
  /**
   * The work. An error that it throws ends the operation as `failed-nothing-changed`. `cancelled` is aborted when somebody
   * cancels it, with their name as the reason; work that still can then ends as `cancelled`.
   */
  readonly work: (progress: (step: StepProgress) => void, cancelled: AbortSignal) => Promise<OperationEnd>;
}

export interface StartedOperation {
  readonly id: string;
  /** True when another one was running: this request started nothing. */
  readonly joined: boolean;
  /** Resolves when the operation has ended, whatever its outcome. */
  readonly ended: Promise<Operation>;
}

/**
 * The long actions on the databases, one at a time: a second request for the same joins the first, one for something else
 * is refused. An operation is never called
 * failed because somebody stopped waiting for it.
 */
export interface Operations {
  /** Throws `api.database.operation_running.app_error` when another one is running. */
  run(request: OperationRequest): StartedOperation;
  running(): Operation | undefined;
  /** Cancels the operation and gives it as it is now: it ends in a moment. Otherwise why it cannot be. */
  cancel(id: string, actor: string): Operation | 'unknown' | 'ended' | 'too-late';
  /** Newest first. */
  list(): Operation[];
  find(id: string): Operation | undefined;
  flush(): Promise<void>;
}

export async function openOperations(deps: OperationsDeps): Promise<Operations> {
  const journal = await openJournal<Operation>({
    path: deps.path,
    keep: deps.keep ?? 50,
    keyOf: (operation) => operation.id,
    parse: (value) => operationSchema.safeParse(value).data,
    logger: deps.logger,
  });
  closeInterrupted(journal, deps.now());
  let current: Running | undefined;

  return {
    run(request) {
      if (current !== undefined) return join(current, request);
      const running = startOperation(request, journal, deps);
      current = running;
      const ended = running.ended.finally(() => {
        current = undefined;
      });
      return { id: running.id, ended, joined: false };
    },
    running: () => current?.value(),
    cancel(id, actor) {
      if (journal.get(id) === undefined) return 'unknown';
      if (current?.id !== id) return 'ended';
      return current.cancel(actor) ? current.value() : 'too-late';
    },
    list: () => journal.entries().reverse(),
    find: (id) => journal.get(id),
    flush: journal.flush,
  };
}

interface Running extends StartedOperation {
  readonly request: OperationRequest;
  readonly value: () => Operation;
  /** False when it is too late. */
  readonly cancel: (actor: string) => boolean;
}

function join(current: Running, { kind, target }: OperationRequest): StartedOperation {
  const { request, id, ended } = current;
  if (request.kind === kind && request.target === target) return { id, ended, joined: true };
  throw new AppError('api.database.operation_running.app_error', { params: { kind: request.kind } });
}

function startOperation(request: OperationRequest, journal: Journal<Operation>, deps: OperationsDeps): Running {
  const cancelling = new AbortController();
  let value = newOperation(request, deps);
  const change = (next: Operation, durable: boolean): Operation => {
    value = next;
    if (durable) journal.put(value);
    else journal.putInMemory(value);
    deps.publisher.publish({ event: 'operation_updated', data: value, to: {}, token: undefined, adminsOnly: true });
    return value;
  };
  change(value, true);

  const progress = (step: StepProgress): void => {
    if (value.outcome !== 'running') return;
    const cancellable = value.cancellable && step.name !== request.cancellableBefore;
    change({ ...value, cancellable, steps: withProgress(value.steps, step, deps.now()) }, false);
  };
  const cancel = (actor: string): boolean => {
    if (value.cancellable) {
      change({ ...value, cancellable: false, cancelled_by: actor }, false);
      cancelling.abort(actor);
    }
    return cancelling.signal.aborted;
  };
  const ended = Promise.resolve()
    .then(() => request.work(progress, cancelling.signal))
    .catch((error: unknown) => crashed(error, request, deps.logger))
    .then((end) => change(withEnd(value, end, deps.now()), true));
  return { id: value.id, joined: false, ended, request, cancel, value: () => value };
}

function newOperation({ kind, actor, steps, cancellableBefore }: OperationRequest, deps: OperationsDeps): Operation {
  return {
    id: deps.newId(),
    kind,
    actor,
    started_at: deps.now(),
    ended_at: null,
    steps: steps.map((name) => ({ name, state: 'pending', detail: '', started_at: null, took_ms: null })),
    outcome: 'running',
    cancellable: cancellableBefore !== undefined,
    cancelled_by: null,
    summary: '',
    write_hold_ms: null,
    writes_held: null,
    writes_failed: null,
  };
}

/** A step that was not announced is appended: showing it beats dropping it. */
function withProgress(steps: readonly OperationStep[], progress: StepProgress, now: number): OperationStep[] {
  const before = steps.find((step) => step.name === progress.name);
  const startedAt = before?.started_at ?? now;
  const { asks, ...rest } = progress;
  const asked = asks === undefined ? before?.asks : { ...asks, commands: [...asks.commands] };
  const step: OperationStep = {
    ...rest,
    ...(asked === undefined ? {} : { asks: asked }),
    started_at: progress.state === 'skipped' ? null : startedAt,
    took_ms: progress.state === 'running' || progress.state === 'skipped' ? null : now - startedAt,
  };
  if (before === undefined) return [...steps, step];
  return steps.map((each) => (each === before ? step : each));
}

/**
 * The end of an operation that threw. The control of the databases reports failures as outcomes, so what it throws is a
 * defect. `switched`: the generation has changed, so it happened after the switch.
 */
export function endOfDefect(error: unknown, switched: boolean): OperationEnd {
  const summary = error instanceof Error ? error.message : String(error);
  return { outcome: switched ? 'failed-after-switch' : 'failed-nothing-changed', summary };
}

function withEnd(operation: Operation, end: OperationEnd, now: number): Operation {
  const failed = end.outcome !== 'succeeded';
  const steps = operation.steps.map((step): OperationStep => {
    if (step.state === 'pending') return { ...step, state: 'skipped' };
    if (step.state !== 'running') return step;
    return { ...step, state: failed ? 'failed' : 'done', took_ms: now - (step.started_at ?? now) };
  });
  return { ...operation, ...end, cancellable: false, steps, ended_at: now };
}

function crashed(error: unknown, { kind }: OperationRequest, logger: Logger): OperationEnd {
  const reason = error instanceof Error ? error.message : String(error);
  logger.error('console.operation_crashed', { kind, reason, error });
  return { outcome: 'failed-nothing-changed', summary: reason };
}

/** What was running when the process ended is not running any more, and nobody will end it. */
function closeInterrupted(journal: Journal<Operation>, now: number): void {
  for (const operation of journal.entries()) {
    if (operation.outcome !== 'running') continue;
    const summary = 'The server stopped before this operation ended. It started anew with the configuration on disk.';
    journal.put(withEnd(operation, { outcome: 'cancelled', summary }, now));
  }
}
