import type {
  DatabaseSettings,
  FollowUp,
  LayerEvent,
  LayerStatus,
  MasterChange,
  RecyclePlan,
  RecycleResult,
  RotationChange,
  RotationResult,
  SourceReport,
  StepUpdate,
  SwitchoverPlan,
  SwitchoverRequest,
  SwitchoverResult,
  SwitchoverUpdate,
} from '../../database/index.ts';
import type { ConsoleDeps } from '../console.ts';

type Control = ConsoleDeps['control'];

/** One call of `recycle` that the test leads from step to step. */
export interface ScriptedRecycle {
  readonly settings: DatabaseSettings;
  readonly signal: AbortSignal | undefined;
  readonly override: string | undefined;
  step(name: StepUpdate['name'], state: StepUpdate['state'], detail?: string): void;
  end(result?: Partial<RecycleResult>): void;
  crash(error: Error): void;
}

/** One call of `switchover` that the test leads from step to step. */
export interface ScriptedSwitchover {
  readonly request: SwitchoverRequest;
  readonly signal: AbortSignal | undefined;
  step(name: SwitchoverUpdate['name'], state: SwitchoverUpdate['state'], detail?: string): void;
  /** The step waits for a person. */
  ask(name: SwitchoverUpdate['name'], asks: FollowUp): void;
  end(result?: Partial<SwitchoverResult>): void;
}

/** A control without databases whose every answer the test decides. */
export interface ScriptedControl extends Control {
  readonly recycles: ScriptedRecycle[];
  readonly switchovers: ScriptedSwitchover[];
  generation: number;
  /** Answers of `changeRotation`; `changed` when there is none. */
  rotation: RotationResult | undefined;
  /** What was asked of `changeRotation`. */
  readonly rotations: RotationChange[];
  sources: LayerStatus['sources'];
  emit(event: Partial<LayerEvent>): void;
  moveMaster(change: MasterChange): void;
  listeners(): number;
}

export function createScriptedControl(): ScriptedControl {
  const listeners = new Set<(event: LayerEvent) => void>();
  const recycles: ScriptedRecycle[] = [];
  const masterListeners = new Set<(change: MasterChange) => void>();
  const switchovers: ScriptedSwitchover[] = [];
  const control: ScriptedControl = {
    recycles,
    switchovers,
    generation: 1,
    rotation: undefined,
    rotations: [],
    sources: [],
    status: () => ({ ...statusOf(control.generation), sources: control.sources }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onMasterChange(listener) {
      masterListeners.add(listener);
      return () => masterListeners.delete(listener);
    },
    test: async (_settings, only) => reports.filter(({ name }) => only === undefined || name === only),
    changeRotation(change) {
      control.rotations.push(change);
      return control.rotation ?? 'changed';
    },
    errorsOf: (name) => (name === 'pg-a:5432/holdfast' ? [{ at: 7.5, text: 'deadlock detected' }] : undefined),
    plan: async () => plan,
    recycle: (settings, progress, { signal, override } = {}) =>
      new Promise((resolve, reject) => {
        recycles.push({
          settings,
          signal,
          override,
          step: (name, state, detail = '') => progress({ name, state, detail }),
          end: (result = {}) => resolve({ ...succeeded, generation: control.generation, ...result }),
          crash: reject,
        });
      }),
    planSwitchover: async ({ name }) => ({ ...switchoverPlan, to: name }),
    switchover: (request, progress, signal) =>
      new Promise((resolve) => {
        switchovers.push({
          request,
          signal,
          step: (name, state, detail = '') => progress({ name, state, detail }),
          ask: (name, asks) => progress({ name, state: 'running', detail: asks.text, asks }),
          end: (result = {}) => resolve({ ...succeeded, generation: control.generation, followUps: [], ...result }),
        });
      }),
    emit(event) {
      for (const listener of listeners) listener({ ...someEvent, ...event });
    },
    moveMaster(change) {
      for (const listener of masterListeners) listener(change);
    },
    listeners: () => listeners.size + masterListeners.size,
  };
  return control;
}

const normal: LayerStatus['mode'] = { mode: 'normal', reason: '', since: 0 };

const someEvent: LayerEvent = {
  kind: 'health_changed',
  severity: 'info',
  source: 'pg-b:5432/holdfast',
  text: 'It happened.',
  detail: {},
  at: 5,
};

const succeeded = {
  outcome: 'succeeded',
  summary: 'Recycled.',
  writeHoldMs: 12,
  writesHeld: 3,
  writesFailed: 0,
  generation: 2,
} as const satisfies RecycleResult;

const reports: SourceReport[] = [
  { name: 'pg-a:5432/holdfast', index: 0, assigned_role: 'master', outcome: 'passed', checks: [] },
];

const plan: RecyclePlan = {
  changes: [],
  master_changes: false,
  reports,
  possible: true,
  reason: '',
  overridable: null,
  effect: 'Writes wait for a moment.',
};

const switchoverPlan: SwitchoverPlan = {
  from: 'pg-a:5432/holdfast',
  to: '',
  emergency: false,
  checks: [],
  possible: true,
  reason: '',
  commands: [],
  loss: '',
  effect: 'Writes wait for a moment.',
};

function statusOf(generation: number): LayerStatus {
  return {
    generation,
    generation_since: generation * 1_000,
    mode: normal,
    master_since: 0,
    sources: [],
    draining: [],
    gate: {
      state: 'open',
      waiting: 0,
      longest_wait_ms: 0,
      last_hold_ms: null,
      released_total: 0,
      expired_total: 0,
    },
    reads: { replica_total: 0, master_total: 0, retried_total: 0, behind_total: 0, master_by_reason: {} },
    writes: { acknowledged_total: 0, unknown_total: 0, resolved_total: 0 },
    connection_budget: { planned: 0, allowed: null, source: null },
    durability: { mode: 'unknown', text: '', met: null, at_risk_writes: 0 },
    automatic_promotion: { state: 'off', text: '' },
    patroni: { state: 'off', text: '', checked_at: null },
  };
}

/** A healthy replica, or whatever is changed. */
export function sourceOf(changes: Partial<LayerStatus['sources'][number]> = {}): LayerStatus['sources'][number] {
  return {
    name: 'pg-b:5432/holdfast',
    host: 'pg-b',
    port: 5432,
    database: 'holdfast',
    user: 'holdfast',
    driver: 'postgres',
    assigned_role: 'replica',
    observed_role: 'replica',
    health: 'online',
    cause: 'Serves reads.',
    taken_out: null,
    health_since: 0,
    generation: 1,
    in_use: 0,
    idle: 0,
    max: 8,
    waiting: 0,
    in_flight: 0,
    queries_total: 0,
    reads_total: 0,
    writes_total: 0,
    queries_per_second: 0,
    p95_ms: null,
    errors_total: 0,
    errors_per_minute: 0,
    lag_seconds: 0,
    lag_bytes: 0,
    position: null,
    server_version: '18',
    checked_at: 0,
    next_check_in_ms: null,
    last_error: null,
    disk: {
      checked_at: null,
      failure: null,
      database_bytes: null,
      log_bytes: null,
      space: null,
      log_space: null,
      unknown: 'Not asked yet.',
      growth_bytes_per_hour: null,
      hours_left: null,
      times_master: null,
      warnings: [],
    },
    ...changes,
  };
}
