import type { Operation, RecycleResponse } from '../../contract/index.ts';
import type { ConfigStore } from '../config/index.ts';
import { type DatabaseControl, type DatabaseSettings, recycleSteps } from '../database/index.ts';
import { AppError } from '../services/index.ts';
import type { EventLog } from './event-log.ts';
import type { Layers } from './layers.ts';
import type { OperationEnd, Operations, StepProgress } from './operations.ts';

export interface RecycleDeps {
  readonly config: Pick<ConfigStore, 'running'>;
  readonly control: Pick<DatabaseControl, 'status' | 'plan' | 'recycle'>;
  readonly layers: Layers;
  readonly operations: Operations;
  readonly events: EventLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long an answer waits for the old pools to drain before it says "still running"; default 5,000. */
  readonly drainPatienceMs?: number;
}

export interface Recycle {
  /** What a recycle would do. Opens and verifies connections, changes nothing. */
  plan(): Promise<RecycleResponse>;
  /** Recycles, or joins the recycle that runs. Throws `api.database.recycle.app_error` when it did not succeed. */
  run(actor: string): Promise<RecycleResponse>;
}

/** Replaces the live pools by pools of the running configuration. */
export function createRecycle(deps: RecycleDeps): Recycle {
  let patience: Promise<void> = Promise.resolve();

  return {
    async plan() {
      const plan = await deps.control.plan(deps.config.running().database);
      return { status: 'OK', dry_run: true, joined: false, plan, operation: null };
    },
    async run(actor) {
      const drain = createPatience(deps.drainPatienceMs ?? 5_000);
      const started = deps.operations.run({
        kind: 'recycle',
        actor,
        steps: recycleSteps,
        work: (progress) =>
          recycleOnce(deps, actor, (step) => {
            drain.watch(step);
            progress(step);
          }).finally(drain.stop),
      });
      if (!started.joined) patience = drain.over;
      const ended = await Promise.race([started.ended, patience.then(() => undefined)]);
      return answer(ended ?? deps.operations.find(started.id), started.joined);
    },
  };
}

function answer(operation: Operation | undefined, joined: boolean): RecycleResponse {
  if (operation === undefined || operation.outcome === 'running' || operation.outcome === 'succeeded') {
    return { status: 'OK', dry_run: false, joined, plan: null, operation: operation ?? null };
  }
  throw new AppError('api.database.recycle.app_error', {
    params: { reason: operation.summary },
    detail: `operation ${operation.id}`,
  });
}

/** `over` resolves when the step "Drain old" has been running for `limitMs`: the switch is made, only the cleaning up is left. */
function createPatience(limitMs: number) {
  let timer: NodeJS.Timeout | undefined;
  let resolveOver: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    resolveOver = resolve;
  });
  return {
    over,
    watch({ name, state }: StepProgress): void {
      if (name === 'Drain old' && state === 'running') timer ??= setTimeout(resolveOver, limitMs);
    },
    stop: (): void => clearTimeout(timer),
  };
}

async function recycleOnce(
  deps: RecycleDeps,
  actor: string,
  progress: (step: StepProgress) => void,
): Promise<OperationEnd> {
  const target = deps.config.running();
  const before = deps.control.status().generation;
  const end = await attempt(deps, target.database, before, progress);
  if (deps.control.status().generation !== before) deps.layers.adopt(target);
  deps.events.record(
    {
      at: deps.now(),
      kind: 'recycle',
      severity: end.outcome === 'succeeded' ? 'info' : 'error',
      source: null,
      text:
        end.outcome === 'succeeded' ? `Recycling succeeded. ${end.summary}` : `Recycling unsuccessful: ${end.summary}`,
      detail: { outcome: end.outcome, write_hold_ms: end.write_hold_ms ?? null },
    },
    actor,
  );
  return end;
}

async function attempt(
  { control }: RecycleDeps,
  settings: DatabaseSettings,
  before: number,
  progress: (step: StepProgress) => void,
): Promise<OperationEnd> {
  try {
    const result = await control.recycle(settings, progress);
    return {
      outcome: result.outcome,
      summary: result.summary,
      write_hold_ms: result.writeHoldMs,
      writes_held: result.writesHeld,
      writes_failed: result.writesFailed,
    };
  } catch (error) {
    // The control reports failures as outcomes; what it throws is a defect, and the generation tells on which side of
    // the switch it happened.
    const outcome = control.status().generation === before ? 'failed-nothing-changed' : 'failed-after-switch';
    return { outcome, summary: error instanceof Error ? error.message : String(error) };
  }
}
