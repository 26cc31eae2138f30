import type { Operation, RecycleResponse } from '../../contract/index.ts';
import type { ConfigStore } from '../config/index.ts';
import { type DatabaseControl, type DatabaseSettings, recycleSteps } from '../database/index.ts';
import { AppError } from '../services/index.ts';
import type { EventLog } from './event-log.ts';
import type { Layers } from './layers.ts';
import { endOfDefect, type OperationEnd, type Operations, type StepProgress } from './operations.ts';

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
  /**
   * Recycles, or joins the recycle that runs; with an `override`, the name of the coming master, in spite of red checks. Throws
   * `api.database.recycle_override.app_error` when that is not its name, and `api.database.recycle.app_error` when it did not succeed.
   */
  run(actor: string, override?: string): Promise<RecycleResponse>;
}

/** Replaces the live pools by pools of the running configuration. */
export function createRecycle(deps: RecycleDeps): Recycle {
  let patience: Promise<void> = Promise.resolve();

  return {
    async plan() {
      const plan = await deps.control.plan(deps.config.running().database);
      return { status: 'OK', dry_run: true, joined: false, plan, operation: null };
    },
    async run(actor, override) {
      assertMeant(deps, override);
      const drain = createPatience(deps.drainPatienceMs ?? 5_000);
      const started = deps.operations.run({
        kind: 'recycle',
        actor,
        // Whoever accepts a red check must not be told the end of a recycle that refuses it, and the other way round.
        ...(override === undefined ? {} : { target: `override ${override}` }),
        steps: recycleSteps,
        cancellableBefore: 'Switch',
        work: (progress, signal) =>
          recycleOnce(deps, { actor, signal, override }, (step) => {
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
  const cancelled = operation.outcome === 'cancelled';
  throw new AppError(cancelled ? 'api.database.recycle_cancelled.app_error' : 'api.database.recycle.app_error', {
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

/** Who has asked for the recycle, and what tells when somebody cancels it. */
interface Asked {
  readonly actor: string;
  readonly signal: AbortSignal;
  readonly override: string | undefined;
}

/** Before anything is begun: a wrong name is a slip, and no failed operation. */
function assertMeant({ config }: RecycleDeps, override: string | undefined): void {
  if (override === undefined) return;
  const { name } = config.running().database.sources[0].source;
  if (override !== name) throw new AppError('api.database.recycle_override.app_error', { params: { name } });
}

async function recycleOnce(
  deps: RecycleDeps,
  asked: Asked,
  progress: (step: StepProgress) => void,
): Promise<OperationEnd> {
  const target = deps.config.running();
  const before = deps.control.status().generation;
  const end = await attempt(deps, target.database, { ...asked, before }, progress);
  deps.events.record({ at: deps.now(), kind: 'recycle', source: null, ...wordsOf(end) }, actorOf(end, asked));
  if (deps.control.status().generation === before) return end;
  const { sha } = deps.layers.live();
  deps.layers.adopt(target);
  return { ...end, configuration_before: sha };
}

/** Whoever has ended it: for a cancelled one, that is who cancelled it. */
const actorOf = ({ outcome }: OperationEnd, { actor, signal }: Asked): string =>
  outcome === 'cancelled' ? String(signal.reason) : actor;

function wordsOf({ outcome, summary, write_hold_ms: hold = null }: OperationEnd) {
  const detail = { outcome, write_hold_ms: hold };
  if (outcome === 'succeeded') {
    return { severity: 'info', text: `Recycling succeeded. ${summary}`, detail } as const;
  }
  if (outcome === 'cancelled') return { severity: 'warning', text: summary, detail } as const;
  return { severity: 'error', text: `Recycling unsuccessful: ${summary}`, detail } as const;
}

async function attempt(
  { control }: RecycleDeps,
  settings: DatabaseSettings,
  { before, signal, override }: Asked & { readonly before: number },
  progress: (step: StepProgress) => void,
): Promise<OperationEnd> {
  try {
    const options = override === undefined ? { signal } : { signal, override };
    const result = await control.recycle(settings, progress, options);
    const { outcome, overridden } = result;
    return {
      outcome,
      summary: outcome === 'cancelled' ? `Recycling cancelled by ${signal.reason}. ${result.summary}` : result.summary,
      write_hold_ms: result.writeHoldMs,
      writes_held: result.writesHeld,
      writes_failed: result.writesFailed,
      ...(overridden === undefined ? {} : { overridden: [...overridden.checks] }),
    };
  } catch (error) {
    return endOfDefect(error, control.status().generation !== before);
  }
}
