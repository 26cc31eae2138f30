import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { type DatabaseMode, limits } from '../../../contract/index.ts';
import type { Logger } from '../../observability/index.ts';
import { AppError, type RecordAudit, type SessionAuthenticator } from '../../services/index.ts';
import type { CausalitySource } from './authenticate.ts';
import { type ApiRequest, createBornServer } from './born-server.ts';
import { rawRefusal, toAppError } from './errors.ts';
import { mountRoutes } from './mount.ts';
import { createRateCheck, type RateLimit } from './rate-limit.ts';
import { sendError } from './respond.ts';
import type { RouteSpec } from './route.ts';
import type { ServeDeps } from './serve.ts';

/** A path outside of `/api`, answered by hand: `/metrics`, `/health/live`. GET and HEAD only. */
export interface PlainRoute {
  readonly path: string;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
}

/** One answered request, for the metrics. */
export interface ExchangeSample {
  readonly method: string;
  /** The path of the route's definition, or empty when none matched; never the request's own path. */
  readonly route: string;
  readonly status: number;
  readonly tookMs: number;
}

export interface ApiOptions {
  readonly routes: readonly RouteSpec[];
  readonly sessions: SessionAuthenticator;
  readonly causality: CausalitySource;
  readonly log: Logger;
  /** `version.build.config_hash.licensed`, e.g. `5.39.0.5.39.0.1f2e.false`. */
  readonly versionId: () => string;
  /** Tells a switch from the read-only mode when a write was refused. */
  readonly databaseMode: () => DatabaseMode;
  readonly plain?: readonly PlainRoute[];
  /** Serves everything that is neither `/api` nor `plain`: the webapp. */
  readonly web?: RequestHandler;
  /** Called once per answer of `/api`; must not throw. */
  readonly observe?: (sample: ExchangeSample) => void;
  /** Largest JSON body in bytes. Default 1 MiB. */
  readonly bodyLimit?: number;
  /** Limits the requests of each address. Default: no limit. */
  readonly rateLimit?: () => RateLimit;
  /** Headers in which a trusted proxy names the client's address, the first match counts. Default: none is trusted. */
  readonly trustedAddressHeaders?: () => readonly string[];
  /** Takes note of what audited routes do. Default: nobody does. */
  readonly audit?: RecordAudit;
  /** For how long dispensable routes are refused, in seconds. Default: they never are. */
  readonly busySeconds?: () => number;
  /** Whether errors show their `detailed_error`. Default: they do not. */
  readonly developer?: () => boolean;
}

const NO_LIMIT: RateLimit = { enabled: false, perSecond: 1, burst: 1 };
const NO_HEADERS: readonly string[] = [];

/** Clients keep connections open between requests; a proxy in front of us usually does so for 60 s. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Builds the whole HTTP side: an express application on a server that is not listening yet. Websockets attach
 * themselves to the same server.
 */
export function createApi(options: ApiOptions): Server {
  const deps: ServeDeps = {
    ...options,
    bodyLimit: options.bodyLimit ?? limits.bodyBytesMax,
    developer: options.developer ?? (() => false),
    checkRate: createRateCheck(options.rateLimit ?? (() => NO_LIMIT), () => performance.now()),
    trustedAddressHeaders: lowerCased(options.trustedAddressHeaders ?? (() => NO_HEADERS)),
  };
  const app = express();
  app.disable('etag').disable('x-powered-by').set('query parser', false).enable('case sensitive routing');
  const server = createBornServer(app);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('clientError', refuseBrokenRequest);
  // The routes come first: every layer in front of them is paid by each message.
  app.use('/api/v4', mountRoutes(options.routes, deps));
  app.use('/api', notFound);
  for (const plain of options.plain ?? []) app.get(plain.path, (request, response) => plain.handle(request, response));
  if (options.web !== undefined) app.use(options.web);
  app.use(notFound);
  app.use(errorEdge(options, deps));
  if (options.observe !== undefined) observeAnswers(server, options.observe);
  return server;
}

/** Node gives the names of headers in lower case; the setting is as the operator wrote it. */
function lowerCased(names: () => readonly string[]): () => readonly string[] {
  let [given, lower] = [NO_HEADERS, NO_HEADERS];
  return () => {
    if (names() !== given) {
      given = names();
      lower = given.map((name) => name.toLowerCase());
    }
    return lower;
  };
}

const notFound: RequestHandler = (request, response) => {
  const { allowed, method } = request as ApiRequest;
  if (allowed.length === 0) throw new AppError('api.context.404.app_error');
  response.setHeader('Allow', [...new Set(allowed)].join(', '));
  throw new AppError('api.context.method_not_allowed.app_error', { params: { method } });
};

/** The one place where whatever was thrown becomes an answer. Express knows it by its four parameters. */
function errorEdge(options: ApiOptions, deps: ServeDeps): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const { requestId, routePath } = request as ApiRequest;
    const error = toAppError(thrown, options.databaseMode);
    if (error.status >= 500) {
      const fields = { request_id: requestId, method: request.method, route: routePath, id: error.id, error: thrown };
      if (error.status === 500) options.log.error('http.failed', fields);
      else options.log.warn('http.unavailable', fields);
    }
    // A handler that fails in the midst of its answer leaves nothing to say but that it is broken.
    if (response.headersSent) {
      response.destroy();
      return;
    }
    sendError(request, response, deps, { error, requestId, headers: [] });
  };
}

function observeAnswers(server: Server, observe: (sample: ExchangeSample) => void): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { startedAt } = request as ApiRequest;
    response.once('finish', () => {
      const { method, routePath } = request as ApiRequest;
      const tookMs = performance.now() - startedAt;
      observe({ method, route: routePath, status: response.statusCode, tookMs });
    });
  });
}

/** What node's parser refuses has no request yet. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  socket.end(rawRefusal(error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400));
}
