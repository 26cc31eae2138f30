import type {
  DatabaseStatus,
  DataSourceStatus,
  Operation,
  RecycleResponse,
  SwitchoverResponse,
} from '../../contract/index.ts';
import type { ApiClient } from '../holdfast/index.ts';
import type { DrillCluster, DrillNode } from './drill-cluster.ts';
import type { DrillServer } from './drill-server.ts';
import type { Measures } from './measures.ts';
import { until } from './until.ts';
import { waitUntilWhole, type World } from './world.ts';

/**
 * What clients may notice. `nothing`: not one failed request, not one old answer. `refused writes`: the master is away, so that writes
 * may be told to try again; reads may not fail, but what the master alone had may be missing. `refusals`: reads may be told so too. Whatever it is, nothing acknowledged may be lost, doubled or out of order.
 */
export type Notice = 'nothing' | 'refused writes' | 'refusals';

/** A story of something that goes wrong under load, from the fault to the day after. */
export interface Drill {
  readonly name: string;
  /** What happens, in a sentence. */
  readonly title: string;
  readonly notice: Notice;
  /** Why it cannot be tried here; undefined when it can. */
  readonly whyNot?: (cluster: DrillCluster) => string | undefined;
  readonly run: (story: Story) => Promise<void>;
}

/** How long one phase took. */
export interface PhaseTime {
  readonly name: string;
  readonly ms: number;
}

const PHASE_LIMIT_MS = 60_000;

/** What a drill has at hand. */
export class Story {
  readonly cluster: DrillCluster;
  readonly server: DrillServer;
  readonly admin: ApiClient;
  /** Long repetitions are wanted. */
  readonly full: boolean;
  readonly phases: PhaseTime[] = [];
  /** What the report shall tell of this drill, in sentences. */
  readonly findings: string[] = [];
  readonly #measures: Measures;

  constructor(world: World, measures: Measures, full: boolean) {
    this.cluster = world.cluster;
    this.server = world.server;
    this.admin = world.admin;
    this.full = full;
    this.#measures = measures;
  }

  /** A part of the story, with its time bound. What clients meet in it is counted under its name. */
  async phase(name: string, work: () => Promise<void>, limitMs: number = PHASE_LIMIT_MS): Promise<void> {
    this.#measures.begin(name);
    const began = performance.now();
    await work();
    const ms = performance.now() - began;
    this.phases.push({ name, ms });
    if (ms > limitMs) throw new Error(`"${name}" took ${Math.round(ms)} ms; its bound is ${limitMs} ms.`);
  }

  /** Waits until so many more pages have been read: life goes on. */
  async reads(count: number): Promise<void> {
    const target = this.#measures.reads + count;
    await until(`${count} more reads`, () => this.#measures.reads >= target);
  }

  /** Waits until so many more messages have been acknowledged. */
  async writes(count: number): Promise<void> {
    const target = this.#measures.writes + count;
    await until(`${count} more acknowledged messages`, () => this.#measures.writes >= target);
  }

  /** How long nobody's message was acknowledged, at the most, in milliseconds. */
  writePause(phase: string): number {
    return this.#measures.pauseOf(phase);
  }

  /** Fails when a read of this phase took longer. */
  boundReads(phase: string, limitMs: number): void {
    const { longest } = this.#measures.of(phase, 'read');
    if (longest > limitMs) throw new Error(`A read took ${Math.round(longest)} ms; the bound is ${limitMs} ms.`);
  }

  status(): Promise<DatabaseStatus> {
    return this.admin.get('/database/status');
  }

  /** The row of a node in the table of the console. */
  async source(node: DrillNode): Promise<DataSourceStatus> {
    const { port } = new URL(node.url);
    const found = (await this.status()).sources.find((source) => source.port === Number(port));
    if (found === undefined) throw new Error(`${node.name} is not in the topology.`);
    return found;
  }

  /** Waits until a node serves no more, with the cause that the console must tell. */
  async leaves(node: DrillNode, cause: RegExp): Promise<void> {
    await until(`${node.name} leaves with ${cause}`, async () => {
      const { health, cause: text } = await this.source(node);
      return health !== 'online' && cause.test(text);
    });
  }

  async returns(node: DrillNode): Promise<void> {
    await until(`${node.name} serves again`, async () => (await this.source(node)).health === 'online');
  }

  async mode(mode: DatabaseStatus['mode']['mode']): Promise<void> {
    await until(`mode ${mode}`, async () => (await this.status()).mode.mode === mode);
  }

  /** Waits until the server says that writes wait or are refused. */
  async notNormal(): Promise<void> {
    await until('the server notices', async () => (await this.status()).mode.mode !== 'normal');
  }

  whole(): Promise<void> {
    return waitUntilWhole(this);
  }

  /** What an operator does: edit the file, Reload, Recycle. The first node is the master. */
  async recycleTo(nodes: readonly DrillNode[], sql: Readonly<Record<string, unknown>> = {}): Promise<Operation> {
    await this.server.configure(nodes, sql);
    await this.admin.send('/config/reload');
    const { operation } = await this.admin.send<RecycleResponse>('/database/recycle');
    if (operation === null) throw new Error('The recycle has no operation.');
    return operation;
  }

  /** Plan Master Switch, in the console: moves the master role to the node. Throws the refusal. */
  async switchTo(node: DrillNode): Promise<Operation> {
    const { name } = await this.source(node);
    const { operation } = await this.admin.send<SwitchoverResponse>('/database/switchover', { name });
    if (operation === null) throw new Error('The switchover has no operation.');
    await this.cluster.look();
    return operation;
  }

  /** Whether an operation that is younger than `since` has begun this step. */
  async hasBegun(step: string, since: number): Promise<boolean> {
    const [newest] = await this.admin.get<Operation[]>('/database/operations');
    if (newest === undefined || newest.started_at < since) return false;
    return newest.steps.some(({ name, started_at: startedAt }) => name === step && startedAt !== null);
  }
}
