import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DatabaseStatus } from '../../contract/index.ts';
import { createDatabaseGauges } from './database-gauges.ts';

/** What the sockets are doing, counted since the start of the process. */
export interface RealtimeStats {
  /** Open sockets by transport. */
  readonly sockets: Readonly<Record<string, number>>;
  /** Lost connections that are kept for their return. */
  readonly detached: number;
  readonly eventsTotal: number;
  readonly deliveriesTotal: number;
  /** Events not sent because a socket's queue was filling up. */
  readonly droppedTotal: number;
  /** Sockets closed because they could not keep up. */
  readonly slowTotal: number;
  readonly resumedTotal: number;
}

export interface MetricsDeps {
  readonly registry: Registry;
  /** Asked once per scrape; undefined before the database layer is up. */
  readonly databaseStatus: () => DatabaseStatus | undefined;
  readonly realtimeStats: () => RealtimeStats | undefined;
  /** Add Node's own metrics (memory, event loop, garbage collection). Default true. */
  readonly processMetrics?: boolean;
}

export interface Metrics {
  /** Counts one answered request. `route` is the pattern (`/posts/:post_id`), never the path with its ids. */
  observeRequest(request: { method: string; route: string; status: number; tookMs: number }): void;
  /** The page for Prometheus. */
  render(): Promise<string>;
  readonly contentType: string;
}

/**
 * The metrics of the process. Only requests are counted as they happen; sockets and databases are read from their
 * owners when somebody scrapes, so that hot paths count nothing twice.
 */
export function createMetrics(deps: MetricsDeps): Metrics {
  const { registry } = deps;
  if (deps.processMetrics ?? true) collectDefaultMetrics({ register: registry });
  const observeRequest = createRequestMetrics(registry);
  const realtime = createRealtimeGauges(registry);
  const database = createDatabaseGauges(registry);
  return {
    observeRequest,
    contentType: registry.contentType,
    render() {
      realtime(deps.realtimeStats());
      database(deps.databaseStatus());
      return registry.metrics();
    },
  };
}

function createRequestMetrics(registry: Registry): Metrics['observeRequest'] {
  const duration = new Histogram({
    name: 'holdfast_http_request_duration_seconds',
    help: 'Time from the parsed header to the end of the answer.',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const requests = new Counter({
    name: 'holdfast_http_requests_total',
    help: 'Answered requests.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  return ({ method, route, status, tookMs }) => {
    duration.observe({ method, route }, tookMs / 1_000);
    requests.inc({ method, route, status });
  };
}

function createRealtimeGauges(registry: Registry): (stats: RealtimeStats | undefined) => void {
  const sockets = new Gauge({
    name: 'holdfast_realtime_sockets',
    help: 'Open sockets.',
    labelNames: ['transport'],
    registers: [registry],
  });
  const detached = new Gauge({
    name: 'holdfast_realtime_detached_connections',
    help: 'Lost connections kept for their return.',
    registers: [registry],
  });
  const totals = [
    ['events', 'Events published.', 'eventsTotal'],
    ['deliveries', 'Events handed to a socket.', 'deliveriesTotal'],
    ['dropped', 'Unimportant events not sent to sockets that lag behind.', 'droppedTotal'],
    ['slow_sockets', 'Sockets closed because they could not keep up.', 'slowTotal'],
    ['resumed', 'Connections resumed without a loss.', 'resumedTotal'],
  ] as const;
  const counters = totals.map(([name, help, key]) => ({
    key,
    counter: new Counter({ name: `holdfast_realtime_${name}_total`, help, registers: [registry] }),
  }));
  return (stats) => {
    if (!stats) return;
    sockets.reset();
    for (const [transport, count] of Object.entries(stats.sockets)) sockets.set({ transport }, count);
    detached.set(stats.detached);
    for (const { key, counter } of counters) {
      counter.reset();
      counter.inc(stats[key]);
    }
  };
}
