import {
  type MasterConfiguration,
  type Operation,
  type SwitchoverRequest,
  type SwitchoverResponse,
} from '../../contract/index.ts';
import type { ConfigStore, MasterMove } from '../config/index.ts';
import {
  type DatabaseControl,
  type SwitchoverNotes,
  type SwitchoverResult,
  switchoverSteps,
} from '../database/index.ts';
import { AppError } from '../services/index.ts';
import type { Versions } from './config-versions.ts';
import type { EventLog } from './event-log.ts';
import type { Layers } from './layers.ts';
import { endOfDefect, type OperationEnd, type Operations, type StepProgress } from './operations.ts';

export interface SwitchoverDeps {
  readonly config: Pick<ConfigStore, 'running' | 'moveMaster'>;
  readonly control: Pick<DatabaseControl, 'status' | 'planSwitchover' | 'switchover'>;
  readonly notes: SwitchoverNotes;
  readonly layers: Layers;
  readonly versions: Pick<Versions, 'keepWritten'>;
  readonly operations: Operations;
  readonly events: EventLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface SwitchoverService {
  /** Every check with its outcome. Changes nothing. */
  plan(request: SwitchoverRequest): Promise<SwitchoverResponse>;
  /** Switches over, or joins the same switchover. Throws `api.database.switchover.app_error` when it did not succeed. */
  run(actor: string, request: SwitchoverRequest): Promise<SwitchoverResponse>;
}

const writeStep = 'Write configuration';

/** Moves the master role, and lets the configuration say so. */
export function createSwitchover(deps: SwitchoverDeps): SwitchoverService {
  return {
    async plan(request) {
      const plan = await deps.control.planSwitchover(withoutUndefined(request));
      return { status: 'OK', dry_run: true, joined: false, plan, operation: null };
    },
    async run(actor, request) {
      const started = deps.operations.run({
        kind: 'switchover',
        actor,
        target: `${request.name} ${request.emergency === true}`,
        steps: [...switchoverSteps, writeStep],
        cancellableBefore: 'Verify',
        work: (progress, cancelled) => switchOnce(deps, { actor, request, progress, cancelled }),
      });
      return answer(await started.ended, started.joined);
    },
  };
}

const withoutUndefined = ({ name, emergency, confirmation }: SwitchoverRequest) => ({
  name,
  ...(emergency === undefined ? {} : { emergency }),
  ...(confirmation === undefined ? {} : { confirmation }),
});

function answer(operation: Operation, joined: boolean): SwitchoverResponse {
  if (operation.outcome === 'succeeded') return { status: 'OK', dry_run: false, joined, plan: null, operation };
  const id =
    operation.outcome === 'failed-after-switch'
      ? 'api.database.switchover_incomplete.app_error'
      : 'api.database.switchover.app_error';
  throw new AppError(id, { params: { reason: operation.summary }, detail: `operation ${operation.id}` });
}

interface Asked {
  readonly actor: string;
  readonly request: SwitchoverRequest;
  readonly progress: (step: StepProgress) => void;
  readonly cancelled: AbortSignal;
}

async function switchOnce(deps: SwitchoverDeps, asked: Asked): Promise<OperationEnd> {
  const { control } = deps;
  const before = control.status().generation;
  const end = await attempt(deps, asked);
  const moved = control.status().generation !== before;
  const configuration = moved ? await writeConfiguration(deps, asked) : undefined;
  record(deps, asked, end);
  return configuration === undefined ? end : { ...end, configuration };
}

async function attempt({ control }: SwitchoverDeps, { request, progress, cancelled }: Asked): Promise<OperationEnd> {
  const before = control.status().generation;
  try {
    return endOf(await control.switchover(withoutUndefined(request), progress, cancelled));
  } catch (error) {
    return endOfDefect(error, control.status().generation !== before);
  }
}

function endOf(result: SwitchoverResult): OperationEnd {
  return {
    outcome: result.outcome,
    summary: result.summary,
    write_hold_ms: result.writeHoldMs,
    writes_held: result.writesHeld,
    writes_failed: result.writesFailed,
    follow_ups: result.followUps.map((one) => ({ ...one, commands: [...one.commands] })),
  };
}

/** The pools have moved already: whatever becomes of the file, the running configuration names the new master. */
async function writeConfiguration(
  deps: SwitchoverDeps,
  { actor, request, progress }: Asked,
): Promise<MasterConfiguration> {
  progress({ name: writeStep, state: 'running', detail: '' });
  const move = await deps.config.moveMaster(request.name);
  deps.layers.adopt(deps.config.running());
  if (move.written) {
    await deps.notes.clear();
    await deps.versions.keepWritten({ kind: 'switchover', actor, master: request.name, changes: move.changes });
  }
  const detail = move.written ? `the former content is in ${move.backup}` : `not written: ${move.reason}`;
  progress({ name: writeStep, state: move.written ? 'done' : 'failed', detail });
  return asConfiguration(move);
}

export function asConfiguration(move: MasterMove): MasterConfiguration {
  if (move.written) return { written: true, backup: move.backup, reason: '', setting: '', text: '' };
  const { reason, setting, text } = move;
  return { written: false, backup: '', reason, setting, text };
}

function record({ events, now }: SwitchoverDeps, { actor, request }: Asked, end: OperationEnd): void {
  const succeeded = end.outcome === 'succeeded';
  const text = succeeded ? `Switchover succeeded. ${end.summary}` : `Switchover unsuccessful: ${end.summary}`;
  const detail = { outcome: end.outcome, write_hold_ms: end.write_hold_ms ?? null };
  const severity = succeeded ? 'info' : 'error';
  events.record({ at: now(), kind: 'switchover', severity, source: request.name, text, detail }, actor);
}
