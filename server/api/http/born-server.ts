import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Express, Request } from 'express';
import { newId } from '../../services/index.ts';

/** The two prototypes that express puts under each request and response. */
interface ExpressPrototypes {
  request: object;
  response: object;
}

/** What a request of ours knows from its birth, on top of express's. */
export interface ApiRequest extends Request {
  /** 26 characters; in the answer's `X-Request-Id`, in its errors and in the log. */
  readonly requestId: string;
  /** By `performance.now()`, in milliseconds. */
  readonly startedAt: number;
  /** Who asks: the peer, or whom a trusted proxy names. Set when the route is known. */
  clientAddress: string;
  /** The path of the route's definition once it is matched, for the log and the metrics. */
  routePath: string;
  /** Methods of the routes whose path matches; not empty at the end of the line means 405 instead of 404. */
  allowed: readonly string[];
}

const NO_METHODS: readonly string[] = [];

/**
 * An HTTP server for an express application whose requests are *born* with express's prototypes.
 *
 * Express calls `Object.setPrototypeOf` on each request and response. V8 gives an object whose prototype changes a
 * hidden class of its own, so that nothing that touches it afterwards can be optimised: two thirds of express's time.
 * Here the server makes its requests from classes whose prototypes are the very ones that express sets; setting a
 * prototype that is already there changes nothing. The behaviour is unchanged (`born-server.test.ts`).
 *
 * Never mount an express sub-application on such a server (it has prototypes of its own): use Routers.
 */
export function createBornServer(app: Express): Server {
  class BornRequest extends IncomingMessage {
    readonly requestId = newId();
    readonly startedAt = performance.now();
    clientAddress = '';
    routePath = '';
    allowed = NO_METHODS;
  }
  class BornResponse<R extends IncomingMessage> extends ServerResponse<R> {}
  const prototypes: ExpressPrototypes = app;
  // `app.request` and `app.response` inherit from node's own prototypes, so nothing is lost by going through them.
  Object.setPrototypeOf(BornRequest.prototype, prototypes.request);
  Object.setPrototypeOf(BornResponse.prototype, prototypes.response);
  prototypes.request = BornRequest.prototype;
  prototypes.response = BornResponse.prototype;
  return createServer({ IncomingMessage: BornRequest, ServerResponse: BornResponse }, app);
}
