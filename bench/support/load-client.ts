import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection } from './http-connection.ts';
import type { LoadCommand, LoadOrder, LoadReport, LoadRequest, NamedLatency } from './load.ts';
import { quantile } from './statistics.ts';

/** After a refusal a client waits a moment: a load that hammers a closed gate measures itself. */
const REFUSED_PAUSE_MS = 20;
/** Rounds follow each other within one server's life: numbers must not repeat over processes either. */
const UNIQUE_START = Date.now() * 1_000;

class Load {
  readonly #order: LoadOrder;
  readonly #latencies: number[] = [];
  readonly #named = new Map<string, number[]>();
  readonly #statuses: Record<string, number> = {};
  #firstFailure = '';
  #number = 0;
  #lastSuccess = 0;
  #longestGap = 0;
  #isWatching = false;
  #end = 0;

  constructor(order: LoadOrder) {
    this.#order = order;
  }

  async run(): Promise<LoadReport> {
    const { connections, milliseconds } = this.#order;
    const start = performance.now();
    this.#end = start + milliseconds;
    await Promise.all(Array.from({ length: connections }, (_, index) => this.#connection(index)));
    const seconds = (performance.now() - start) / 1000;
    return {
      rate: this.#latencies.length / seconds,
      answers: this.#latencies.length,
      p50: quantile(this.#latencies, 0.5),
      p99: quantile(this.#latencies, 0.99),
      max: quantile(this.#latencies, 1),
      longestGap: this.#longestGap,
      statuses: this.#statuses,
      firstFailure: this.#firstFailure,
      byName: Object.fromEntries([...this.#named].map(([name, latencies]) => [name, summaryOf(latencies)])),
    };
  }

  obey(command: LoadCommand): void {
    const now = performance.now();
    if (command === 'stop') this.#end = now;
    else {
      this.#noteGap(now);
      this.#lastSuccess = now;
      this.#isWatching = command === 'watch';
    }
  }

  #noteGap(now: number): void {
    if (this.#isWatching) this.#longestGap = Math.max(this.#longestGap, now - this.#lastSuccess);
  }

  async #connection(index: number): Promise<void> {
    const { url, answers = Number.POSITIVE_INFINITY } = this.#order;
    const { hostname, port } = new URL(url);
    let connection: HttpConnection | undefined;
    for (let turn = index; performance.now() < this.#end && this.#latencies.length < answers; turn++) {
      try {
        connection ??= await HttpConnection.open(hostname, Number(port));
        await this.#request(connection, turn);
      } catch (error) {
        this.#count(0, error instanceof Error ? error.message : String(error));
        connection?.close();
        connection = undefined;
      }
    }
    connection?.close();
  }

  async #request(connection: HttpConnection, turn: number): Promise<void> {
    const { requests, url } = this.#order;
    const request = requests[turn % requests.length];
    if (request === undefined) throw new Error('There is no request to send.');
    const text = printRequest(request, new URL(url).host, UNIQUE_START + this.#number++);
    const start = performance.now();
    const { status, body } = await connection.send(text);
    const now = performance.now();
    this.#latencies.push(now - start);
    if (request.name !== undefined) this.#note(request.name, now - start);
    this.#count(status, status < 300 ? '' : body);
    if (status >= 300) return sleep(REFUSED_PAUSE_MS);
    this.#noteGap(now);
    this.#lastSuccess = now;
  }

  #note(name: string, latency: number): void {
    const latencies = this.#named.get(name);
    if (latencies) latencies.push(latency);
    else this.#named.set(name, [latency]);
  }

  #count(status: number, failure: string): void {
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    if (this.#firstFailure === '') this.#firstFailure = failure;
  }
}

function summaryOf(latencies: readonly number[]): NamedLatency {
  return { answers: latencies.length, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}

function printRequest({ method, path, token, body }: LoadRequest, host: string, number: number): string {
  const unique = (text: string): string => text.replaceAll('{{n}}', String(number));
  const content = body === undefined ? '' : unique(body);
  const head = [`${method} ${unique(path)} HTTP/1.1`, `Host: ${host}`];
  if (token !== undefined) head.push(`Authorization: Bearer ${token}`);
  if (body !== undefined) head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(content)}`);
  return `${head.join('\r\n')}\r\n\r\n${content}`;
}

process.once('message', (order: LoadOrder) => {
  const load = new Load(order);
  process.on('message', (command: LoadCommand) => load.obey(command));
  load
    .run()
    .then((report) => process.send?.(report))
    .then(() => process.disconnect())
    .catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
});
