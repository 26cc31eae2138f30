import type { NodeStatus } from './node-status.ts';

/** The engines that an embedded cluster can be of, by the names that `SqlSettings.DriverName` has for them. */
export const engines = ['postgres', 'mysql'] as const;
export type Engine = (typeof engines)[number];

/** One database server of an embedded cluster, whatever its engine. */
export interface EmbeddedNode {
  readonly name: string;
  /** Listens on 127.0.0.1 only. The same over restarts. */
  readonly port: number;
  /** Everything that its data are kept in. */
  readonly folders: readonly string[];
  readonly pid: number | undefined;
  /** Connection string of the application's user. */
  url(): string;
  /** Whether the node has data that are complete. */
  exists(): boolean;
  /** By the node's own files, so that it can be told of a dead or frozen node too. */
  role(): 'master' | 'replica';
  /** `stopped`: no process. `frozen`: stopped by a signal. `unready`: starting, stopping or recovering. */
  processState(): 'running' | 'frozen' | 'unready' | 'stopped';
  start(): Promise<void>;
  stopFast(): Promise<void>;
  kill(): Promise<void>;
  /** Like `kill`, without waiting for the end. */
  killNow(): void;
  freeze(): void;
  thaw(): void;
  promote(): Promise<void>;
  follow(master: EmbeddedNode): Promise<void>;
  rebuild(master: EmbeddedNode): Promise<void>;
  /** Milliseconds; 0 = at once. */
  setApplyDelay(ms: number): void | Promise<void>;
}

/** A master and its replicas on this machine, for `npm start` and `npm run cluster`. */
export interface EmbeddedCluster {
  readonly nodes: readonly EmbeddedNode[];
  /** Where the data lie: not always below the cluster's folder, see `chooseDataRoot`. */
  readonly dataRoot: string;
  node(name: string): EmbeddedNode;
  master(): EmbeddedNode;
  replicas(): EmbeddedNode[];
  start(): Promise<void>;
  stop(): Promise<void>;
  moveMaster(name: string): Promise<void>;
  guardProcess(pid: number): void;
  status(): Promise<NodeStatus[]>;
  killNow(): void;
  isRunning(): boolean;
}
