import type { BrowserContext } from '@playwright/test';

const OWN_HOSTS = new Set(['127.0.0.1', 'localhost', 'holdfast.test']);
const NETWORK_PROTOCOLS = new Set(['http:', 'https:', 'ws:', 'wss:']);

/** Chromium itself writes an error line for every 4xx and 5xx. "Am I signed in?" is answered with 401 to everybody who is not. */
const ALWAYS_ALLOWED = [/Failed to load resource: .* 401 /];

/** Watches what no test looks for and every test must be free of: requests to other hosts, console errors, page errors. */
export class Guard {
  readonly #faults: string[] = [];
  readonly #allowed: RegExp[] = [...ALWAYS_ALLOWED];

  get faults(): readonly string[] {
    return this.#faults;
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
    context.on('weberror', (error) => this.#report(`page error: ${error.error().stack ?? error.error().message}`));
  }

  #report(fault: string): void {
    if (!this.#allowed.some((pattern) => pattern.test(fault))) this.#faults.push(fault);
  }
}
