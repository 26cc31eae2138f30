import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../../observability/index.ts';
import type { SystemService } from '../../services/index.ts';
import { type PlainRoute, strangerOf } from '../http/index.ts';

export interface HealthDeps {
  readonly system: Pick<SystemService, 'readiness'>;
  readonly metrics: Pick<Metrics, 'render' | 'contentType'>;
  /** `MetricsSettings.Enable`. */
  readonly metricsEnabled: () => boolean;
  /** Whether this request comes with the session of a system admin. */
  readonly isAdmin: (request: IncomingMessage) => Promise<boolean>;
}

/** What load balancers, orchestrators and Prometheus ask, outside of `/api`. */
export function createHealthRoutes(deps: HealthDeps): PlainRoute[] {
  return [
    { path: '/health/live', handle: (_request, response) => sendJson(response, 200, { status: 'OK' }) },
    { path: '/health/ready', handle: (request, response) => sendReadiness(request, response, deps) },
    { path: '/metrics', handle: (request, response) => sendMetrics(request, response, deps) },
  ];
}

function sendReadiness(request: IncomingMessage, response: ServerResponse, { system }: HealthDeps): void {
  const readiness = system.readiness(isLocal(request));
  const status = readiness.status === 'OK' ? 200 : 503;
  if (status === 503) response.setHeader('Retry-After', '2');
  sendJson(response, status, readiness);
}

// Metrics tell names of hosts and how busy they are: for this machine, or with the session of a system admin.
async function sendMetrics(request: IncomingMessage, response: ServerResponse, deps: HealthDeps): Promise<void> {
  if (!deps.metricsEnabled()) return sendText(response, 404, 'Metrics are off: MetricsSettings.Enable.\n');
  const mayRead = isLocal(request) || (await deps.isAdmin(request));
  if (!mayRead) {
    return sendText(response, 403, 'Metrics are for this machine, or with the session token of a system admin.\n');
  }
  const page = await deps.metrics.render();
  response.writeHead(200, { 'Content-Type': deps.metrics.contentType, 'Cache-Control': 'no-store' }).end(page);
}

function isLocal(request: IncomingMessage): boolean {
  return strangerOf({ headers: request.headers, address: request.socket.remoteAddress ?? '' }).isLocal;
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    .end(JSON.stringify(value));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(text);
}
