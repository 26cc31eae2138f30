import type { Response } from 'express';
import { tokenHeader } from '../../../contract/index.ts';
import { DatabaseError } from '../../database/index.ts';
import { AppError, type Caller, type RecordAudit } from '../../services/index.ts';
import { type AuthenticationDeps, callerOf } from './authenticate.ts';
import { readJson } from './body.ts';
import type { ApiRequest } from './born-server.ts';
import { clientAddress } from './client-address.ts';
import { askAtDoor, permissionsAtDoor } from './door.ts';
import { fromSchema } from './errors.ts';
import type { CheckRate } from './rate-limit.ts';
import { type ServerFacts, sendValue } from './respond.ts';
import type { RouteSpec } from './route.ts';
import { checkedParams, queryOf } from './url.ts';
import { withAudit } from './with-audit.ts';

export interface ServeDeps extends AuthenticationDeps, ServerFacts {
  /** In bytes. */
  readonly bodyLimit: number;
  readonly checkRate: CheckRate;
  /** Takes note of what audited routes do. Default: nobody does. */
  readonly audit?: RecordAudit;
  /** For how long dispensable routes are refused; 0 = they are not. Default: never. */
  readonly busySeconds?: () => number;
  /** Headers, in lower case, in which a proxy names the client's address; empty = trust none. */
  readonly trustedAddressHeaders: () => readonly string[];
}

const NO_HEADERS: readonly string[] = [];

/**
 * Answers one request of one route: who asks, what do they want, the handler, the answer. Whatever it throws goes to
 * the error edge. One function per route and none per request: this is the path of every message.
 */
export function createServe(
  deps: ServeDeps,
  spec: RouteSpec,
): (request: ApiRequest, response: Response) => Promise<void> {
  const { definition } = spec;
  const handle = definition.audited === true ? withAudit(spec, deps.audit) : spec.handle;
  const status = definition.status ?? 200;
  const writes = definition.method !== 'get';
  const asked = permissionsAtDoor(definition);
  return async (request, response) => {
    request.routePath = definition.path;
    request.clientAddress = clientAddress(request, deps.trustedAddressHeaders());
    deps.checkRate(request.clientAddress);
    if (definition.dispensable === true) refuseWhenBusy(deps.busySeconds?.() ?? 0);
    const caller = definition.access === 'public' ? undefined : await admitted(request, deps, spec);
    askAtDoor(caller, asked);
    const value = await handle({
      caller,
      params: checkedParams(request.params as Record<string, string>, caller?.userId),
      query: queryOf(request.url),
      body: definition.body === undefined ? undefined : await bodyOf(request, deps.bodyLimit, definition.body),
      headers: request.headers,
      requestId: request.requestId,
      address: request.clientAddress,
      incoming: request,
    });
    const token = writes ? caller?.causality.token : undefined;
    const headers = token === undefined ? NO_HEADERS : [tokenHeader, token];
    await sendValue(request, response, deps, { value, status, requestId: request.requestId, headers });
  };
}

function refuseWhenBusy(seconds: number): void {
  if (seconds > 0) throw new AppError('api.context.server_busy.app_error', { retryAfter: seconds });
}

async function admitted(request: ApiRequest, deps: ServeDeps, spec: RouteSpec): Promise<Caller | undefined> {
  const { access } = spec.definition;
  const caller = access === 'optional' ? await callerIfKnown(request, deps) : await callerOf(request, deps);
  if (caller === undefined && access !== 'optional') throw new AppError('api.context.session_expired.app_error');
  return caller;
}

/** What a stranger may see is shown to everybody while the database cannot say who they are. */
async function callerIfKnown(request: ApiRequest, deps: ServeDeps): Promise<Caller | undefined> {
  try {
    return await callerOf(request, deps);
  } catch (error) {
    if (error instanceof DatabaseError) return undefined;
    throw error;
  }
}

async function bodyOf(
  request: ApiRequest,
  limit: number,
  schema: NonNullable<RouteSpec['definition']['body']>,
): Promise<unknown> {
  const body = await readJson(request, limit);
  const checked = schema.safeParse(body === undefined ? {} : body);
  if (!checked.success) throw fromSchema(checked.error);
  return checked.data;
}
