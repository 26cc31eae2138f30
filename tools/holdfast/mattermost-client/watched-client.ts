import { Client4, ClientError } from '@mattermost/client';
import { nonsenseHeader } from '../../openapi/described-fetch.ts';
import { answers } from './answers.ts';
import type { Method } from './published-calls.ts';

/** What a run of the suite has asked for and been answered. */
export class Calls {
  readonly #answered = new Map<string, number>();
  readonly #problems = new Set<string>();

  /** Methods of the client that were answered, each once. */
  get methods(): string[] {
    return [...this.#answered.keys()].toSorted();
  }

  get total(): number {
    return [...this.#answered.values()].reduce((sum, times) => sum + times, 0);
  }

  /** Where an answer was not what the published types promise. */
  get problems(): string[] {
    return [...this.#problems];
  }

  answered(method: Method, answer: unknown): void {
    this.#answered.set(method, (this.#answered.get(method) ?? 0) + 1);
    const problems = answers[method]?.check(answer, method) ?? [`${method}: the suite does not know its answer`];
    for (const problem of problems) this.#problems.add(problem.replaceAll(/\[\d+\]|\.[a-z0-9]{26}\b/g, '[]'));
  }
}

/** The published client, unmodified; each of its answers is counted and held against the published types. */
export function watchedClient(serverUrl: string, calls: Calls): Client4 {
  const client = new Client4();
  client.setUrl(serverUrl);
  // It asks for more than our description has, and is served all the same: only the answers are compared with it.
  client.setHeader(nonsenseHeader, 'of a client of Mattermost');
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const answer: unknown = member.apply(target, args);
        if (!(answer instanceof Promise)) return answer;
        return answer.then((value: unknown) => {
          calls.answered(name as Method, value);
          return value;
        });
      };
    },
  });
}

/** How the server refused, as the client hands it on: `404 app.post.get.app_error`. */
export async function refusal(asked: Promise<unknown>): Promise<string> {
  const answer = await asked.catch((error: unknown) => error);
  if (answer instanceof ClientError) return `${answer.status_code} ${answer.server_error_id}`;
  throw new Error(`Nothing was refused: ${JSON.stringify(answer) ?? String(answer)}`);
}
