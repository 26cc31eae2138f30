import type { BrowserContext, Response } from '@playwright/test';
import { apiPrefix, type CheckExchange } from '../../tools/openapi/check-exchange.ts';
import { keptCheck } from '../../tools/openapi/kept-check.ts';

const OWN_HOSTS = new Set(['127.0.0.1', 'localhost', 'holdfast.test']);
/** The browser no longer has the body of an answer to a page that was left. */
const GONE = Symbol('gone');
const NETWORK_PROTOCOLS = new Set(['http:', 'https:', 'ws:', 'wss:']);

/** Chromium itself writes an error line for every 4xx and 5xx. "Am I signed in?" is answered with 401 to everybody who is not. */
const ALWAYS_ALLOWED = [/Failed to load resource: .* 401 /];

let check: CheckExchange | undefined;

/**
 * Watches what no test looks for and every test must be free of: requests to other hosts, console errors, page errors, and
 * exchanges with the API that are not as it is described.
 */
export class Guard {
  readonly #faults = new Set<string>();
  readonly #allowed: RegExp[] = [...ALWAYS_ALLOWED];
  readonly #looking = new Set<Promise<void>>();

  /** All of them, once the answers that have come were looked at. */
  async faults(): Promise<readonly string[]> {
    await Promise.all(this.#looking);
    return [...this.#faults];
  }

  /** A fault that this story provokes on purpose: a server that is down makes the browser write errors. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  watch(context: BrowserContext): void {
    context.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (NETWORK_PROTOCOLS.has(protocol) && !OWN_HOSTS.has(hostname)) this.#report(`request to ${request.url()}`);
    });
    context.on('console', (message) => {
      if (message.type() === 'error') this.#report(`console error: ${message.text()} (${message.location().url})`);
    });
    context.on('response', (response) => {
      const looking = this.#look(response).finally(() => this.#looking.delete(looking));
      this.#looking.add(looking);
    });
    context.on('weberror', (error) => this.#report(`page error: ${error.error().stack ?? error.error().message}`));
  }

  async #look(response: Response): Promise<void> {
    const url = new URL(response.url());
    if (!OWN_HOSTS.has(url.hostname) || !url.pathname.startsWith(`${apiPrefix}/`)) return;
    const request = response.request();
    const type = response.headers()['content-type'] ?? '';
    const answer = type === 'application/json' ? await response.json().catch(() => GONE) : undefined;
    if (answer === GONE) return;
    const body = request.headers()['content-type'] === 'application/json' ? request.postDataJSON() : undefined;
    check ??= keptCheck();
    const [method, status, path] = [request.method(), response.status(), url.pathname.slice(apiPrefix.length)];
    const fault = check({ method, path, query: url.searchParams, body, status, type, answer });
    if (fault !== undefined) this.#report(`${method} ${path} -> ${status}: by docs/openapi.json ${fault}`);
  }

  #report(fault: string): void {
    if (!this.#allowed.some((pattern) => pattern.test(fault))) this.#faults.add(fault);
  }
}
