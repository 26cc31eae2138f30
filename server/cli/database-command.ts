import { readFile } from 'node:fs/promises';
import {
  type DatabaseStatus,
  databaseStatus,
  type Operation,
  operation,
  recycleResponse,
  switchoverResponse,
  testResponse,
} from '../../contract/index.ts';
import type { Environment } from '../config/index.ts';
import { type ApiClient, ApiError, createApiClient } from './api-client.ts';
import type { DatabaseCommand } from './arguments.ts';
import {
  describeEnd,
  describePlan,
  describeRecyclePlan,
  describeReports,
  describeStatus,
  describeStep,
} from './describe.ts';

export interface DatabaseCommandDeps {
  readonly env: Environment;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly fetch?: typeof fetch;
  /** Between two looks at a running operation, in milliseconds; default 250. */
  readonly pollMs?: number;
}

/** 1: refused or failed, nothing changed. 3: failed after the switch. */
const exit = { done: 0, failed: 1, misuse: 2, afterSwitch: 3 } as const;

/** `holdfast database ...`: asks a running server. Never throws. */
export async function runDatabaseCommand(command: DatabaseCommand, deps: DatabaseCommandDeps): Promise<number> {
  try {
    const client = createApiClient(command.url, await readToken(command, deps.env), deps.fetch);
    return await new Run(command, deps, client).run();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (command.json && error.body !== undefined) deps.print(JSON.stringify(error.body, null, 2));
    deps.printError(error.message);
    return error instanceof FailedAfterSwitch ? exit.afterSwitch : exit.failed;
  }
}

/** The operation failed when there was no way back any more. */
class FailedAfterSwitch extends ApiError {}

async function readToken({ tokenFile }: DatabaseCommand, env: Environment): Promise<string> {
  if (tokenFile !== undefined) {
    const text = await readFile(tokenFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new ApiError(`The token file ${tokenFile} cannot be read (${error.code ?? 'unknown error'}).`);
    });
    return text.trim();
  }
  const token = env['HOLDFAST_TOKEN'] ?? '';
  if (token === '') {
    throw new ApiError(
      'A token is missing: put that of a system admin into HOLDFAST_TOKEN, or name a file by --token-file.',
    );
  }
  return token;
}

class Run {
  readonly #command: DatabaseCommand;
  readonly #deps: DatabaseCommandDeps;
  readonly #client: ApiClient;

  constructor(command: DatabaseCommand, deps: DatabaseCommandDeps, client: ApiClient) {
    this.#command = command;
    this.#deps = deps;
    this.#client = client;
  }

  run(): Promise<number> {
    switch (this.#command.action) {
      case 'status':
        return this.#status();
      case 'test':
        return this.#test();
      case 'recycle':
        return this.#recycle();
      case 'switch':
        return this.#switch();
    }
  }

  #say(answer: unknown, lines: readonly string[]): void {
    this.#deps.print(this.#command.json ? JSON.stringify(answer, null, 2) : lines.join('\n'));
  }

  async #status(): Promise<number> {
    const answer = await this.#client.call('GET', '/database/status');
    const status: DatabaseStatus = parsed(databaseStatus, answer);
    this.#say(answer, describeStatus(status));
    return status.mode.mode === 'normal' ? exit.done : exit.failed;
  }

  async #test(): Promise<number> {
    const answer = await this.#client.call('POST', '/database/test');
    const { reports } = parsed(testResponse, answer);
    this.#say(answer, describeReports(reports));
    return reports.some(({ outcome }) => outcome === 'failed') ? exit.failed : exit.done;
  }

  async #recycle(): Promise<number> {
    if (this.#command.dryRun) {
      const answer = await this.#client.call('POST', '/database/recycle?dry_run=true');
      const { plan } = parsed(recycleResponse, answer);
      this.#say(answer, plan === null ? [] : describeRecyclePlan(plan));
      return plan?.possible === true ? exit.done : exit.failed;
    }
    const { override } = this.#command;
    const body = override === undefined ? undefined : { override };
    const answer = await this.#watched('recycle', () => this.#client.call('POST', '/database/recycle', body));
    return this.#ended(answer, parsed(recycleResponse, answer).operation);
  }

  async #switch(): Promise<number> {
    const { target = '', dryRun, emergency, confirm } = this.#command;
    const body = {
      name: target,
      ...(emergency ? { emergency } : {}),
      ...(confirm === undefined ? {} : { confirmation: confirm }),
    };
    if (dryRun) {
      const answer = await this.#client.call('POST', '/database/switchover?dry_run=true', body);
      const { plan } = parsed(switchoverResponse, answer);
      this.#say(answer, plan === null ? [] : describePlan(plan));
      return plan?.possible === true ? exit.done : exit.failed;
    }
    const answer = await this.#watched('switchover', () => this.#client.call('POST', '/database/switchover', body));
    return this.#ended(answer, parsed(switchoverResponse, answer).operation);
  }

  #ended(answer: unknown, ended: Operation | null): number {
    this.#say(answer, ended === null ? [] : describeEnd(ended));
    return exit.done;
  }

  /** Shows the steps of the operation as they happen, while its answer is awaited. */
  async #watched(kind: Operation['kind'], ask: () => Promise<unknown>): Promise<unknown> {
    const before = await this.#newest(kind);
    const asking = ask().catch((error: unknown) => this.#judge(kind, error));
    if (this.#command.json) return asking;
    let over = false;
    const done = asking.finally(() => {
      over = true;
    });
    done.catch(() => undefined);
    const shown = new Set<string>();
    do {
      await Promise.race([done.catch(() => undefined), pause(this.#deps.pollMs ?? 250)]);
      const newest = await this.#newest(kind).catch(() => undefined);
      // One that was running before is the one that this request has joined.
      if (newest !== undefined && (newest.id !== before?.id || before.outcome === 'running')) this.#show(newest, shown);
    } while (!over);
    return done;
  }

  /** The refusal tells what happened; the operation tells on which side of the switch. */
  async #judge(kind: Operation['kind'], error: unknown): Promise<never> {
    if (!(error instanceof ApiError) || error.body === undefined) throw error;
    const ended = await this.#newest(kind);
    throw ended?.outcome === 'failed-after-switch' ? new FailedAfterSwitch(error.message, error.body) : error;
  }

  #show({ steps }: Operation, shown: Set<string>): void {
    for (const step of steps) {
      const line = describeStep(step);
      if (line === undefined || shown.has(line)) continue;
      shown.add(line);
      this.#deps.print(line);
    }
  }

  async #newest(kind: Operation['kind']): Promise<Operation | undefined> {
    const list = parsed(operation.array(), await this.#client.call('GET', '/database/operations'));
    return list.find((one) => one.kind === kind);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function parsed<T>(schema: { safeParse(value: unknown): { data?: T } }, answer: unknown): T {
  const { data } = schema.safeParse(answer);
  if (data !== undefined) return data;
  throw new ApiError('The server gave an answer that this version does not understand. Use the one that came with it.');
}
