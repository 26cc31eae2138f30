import { fork } from 'node:child_process';
import { once } from 'node:events';

/** One request that the load client repeats. `{{n}}` in path or body becomes a number that no other request has. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  readonly body?: string;
  /** Under which its latencies are reported apart; default: not apart. */
  readonly name?: string;
}

/** Of the requests with one name. Latencies are in milliseconds. */
export interface NamedLatency {
  readonly answers: number;
  readonly p50: number;
  readonly p99: number;
}

export interface LoadOrder {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly connections: number;
  readonly milliseconds: number;
  /** Ends after so many answers, too; default: by time alone. */
  readonly answers?: number;
  /** Connection i begins with request i and goes on from there. */
  readonly requests: readonly LoadRequest[];
}

/** What a load met. Latencies are in milliseconds. */
export interface LoadReport {
  readonly rate: number;
  readonly answers: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** The longest time in which no request of any connection succeeded, while it was watched for. */
  readonly longestGap: number;
  /** Answers by status; a connection that broke counts as status 0. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly firstFailure: string;
  readonly byName: Readonly<Record<string, NamedLatency>>;
}

const LONGEST_MS = 60_000;

/** What the load's process is told while it runs. */
export type LoadCommand = 'watch' | 'rest' | 'stop';

/** A load that was started and goes on. */
export interface RunningLoad {
  /** From now on the longest gap counts, until `rest`. */
  watch(): void;
  rest(): void;
  /** Ends it before its time. */
  stop(): void;
  readonly report: Promise<LoadReport>;
}

/** Runs the load in a process of its own, so that its work is not counted as the server's. Loopback only; ends by itself. */
export function startLoad(order: LoadOrder): RunningLoad {
  if (new URL(order.url).hostname !== '127.0.0.1') throw new Error('A load is for this machine only.');
  if (order.milliseconds > LONGEST_MS) throw new Error(`A load runs for at most ${LONGEST_MS} ms.`);
  const child = fork(new URL('./load-client.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  child.send(order);
  const say = (command: LoadCommand) => () => void child.send(command);
  const report = Promise.race([once(child, 'message'), diedEarly(once(child, 'exit'))]).then(
    ([first]) => first as LoadReport,
  );
  return { watch: say('watch'), rest: say('rest'), stop: say('stop'), report };
}

/** The report of a whole load. */
export async function runLoad(order: LoadOrder): Promise<LoadReport> {
  return startLoad(order).report;
}

async function diedEarly(exit: Promise<unknown[]>): Promise<never> {
  const [code] = await exit;
  throw new Error(`The load client ended early (${String(code)}).`);
}

/** The rate of a load in which every answer was a success; anything else is no measurement. */
export async function successRate(order: LoadOrder): Promise<LoadReport> {
  const report = await runLoad(order);
  const failed = Object.keys(report.statuses).filter((status) => !status.startsWith('2'));
  if (failed.length > 0)
    throw new Error(`Answers: ${JSON.stringify(report.statuses)}; the first: ${report.firstFailure}`);
  return report;
}
