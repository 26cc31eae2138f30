import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Caller } from '../../services/index.ts';

/**
 * Who may call a route. `public` routes get no caller, `optional` ones get one when a good session came along,
 * `admin` wants one of the permissions that the contract names for the endpoint, on the whole server: see `door.ts`.
 */
export type Access = 'public' | 'optional' | 'session' | 'admin';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface RouteDefinition<
  A extends Access = Access,
  Body extends z.ZodType = z.ZodType,
  Path extends string = string,
> {
  readonly method: Method;
  /** Express path below `/api/v4`, e.g. `/channels/:channel_id/posts`. Every `*_id` parameter is checked and `me` resolved. */
  readonly path: Path;
  readonly access: A;
  /** Schema of the JSON body; without one, a body is ignored. An empty body is read as `{}`. */
  readonly body?: Body;
  /** Status of a success; default 200. */
  readonly status?: number;
  /** Whether administrators want to know who did it, and how it came out. Default: no. */
  readonly audited?: boolean;
  /** Whether people can do without it while the server is busy: then it is refused. Default: no. */
  readonly dispensable?: boolean;
}

/** The parameters that a path names: `/users/:user_id` gives `{ user_id: string }`. */
export type PathParams<Path extends string> = string extends Path
  ? Readonly<Record<string, string>>
  : Path extends `${string}:${infer Name}/${infer Rest}`
    ? { readonly [K in Name]: string } & PathParams<`/${Rest}`>
    : Path extends `${string}:${infer Name}`
      ? { readonly [K in Name]: string }
      : unknown;

/** What a handler sees. Params and query are checked for shape by the helpers in this folder. */
export interface RouteInput<Body, Path extends string = string> {
  readonly params: PathParams<Path>;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  readonly address: string;
  /** The request itself, for routes without `body` that read bytes: see `bytesOf` and `readForm`. */
  readonly incoming: IncomingMessage;
}

/** JSON text that goes out untouched: a page of posts is joined from the rows' texts and never parsed. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An answer with more to it than a value: a status of its own, or headers (`ETag`, `Set-Cookie`, `Token`). */
export class Answer {
  readonly value: unknown;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  constructor(
    value: unknown,
    extra: { status?: number; headers?: Readonly<Record<string, string | readonly string[]>> },
  ) {
    this.value = value;
    this.status = extra.status;
    this.headers = extra.headers ?? {};
  }
}

/** A handler returns the value of the answer, `RawJson`, an `Answer` or a `Download`; `undefined` is `{"status":"OK"}`. */
export type Handler<Body, Path extends string = string> = (
  input: RouteInput<Body, Path> & { readonly caller: Caller },
) => Promise<unknown>;
export type PublicHandler<Body, Path extends string = string> = (input: RouteInput<Body, Path>) => Promise<unknown>;
export type OptionalHandler<Body, Path extends string = string> = (
  input: RouteInput<Body, Path> & { readonly caller: Caller | undefined },
) => Promise<unknown>;

type HandlerFor<A extends Access, Body, Path extends string> = A extends 'public'
  ? PublicHandler<Body, Path>
  : A extends 'optional'
    ? OptionalHandler<Body, Path>
    : Handler<Body, Path>;

/** A route as the application mounts it. The handler's input was checked against the definition by then. */
export interface RouteSpec {
  readonly definition: RouteDefinition;
  readonly handle: OptionalHandler<unknown>;
}

/**
 * Declares a route:
 * `route({ method: 'get', path: '/users/:user_id', access: 'session' }, ({ caller, params }) => ...params.user_id)`.
 */
export function route<A extends Access, Path extends string, Body extends z.ZodType = z.ZodUndefined>(
  definition: RouteDefinition<A, Body, Path>,
  handler: HandlerFor<A, z.output<Body>, Path>,
): RouteSpec {
  // The application calls a handler only with the caller, the parameters and the body that its definition asks for.
  return { definition, handle: handler as OptionalHandler<unknown> };
}
