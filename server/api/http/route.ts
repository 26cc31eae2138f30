import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Caller } from '../../services/index.ts';

/** Who may call a route. `public` routes get no caller; `admin` wants the role system_admin. */
export type Access = 'public' | 'session' | 'admin';

export interface RouteDefinition<Body extends z.ZodType = z.ZodType> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express path below `/api/v4`, e.g. `/channels/:channel_id/posts`. Every `*_id` parameter is checked and `me` resolved. */
  readonly path: string;
  readonly access: Access;
  /** Schema of the JSON body; without one, a body is ignored. */
  readonly body?: Body;
  /** Status of a success; default 200. */
  readonly status?: number;
}

/** What a handler sees. Params and query are checked for shape by the helpers in this folder. */
export interface RouteInput<Body> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  readonly address: string;
}

/** JSON text that goes out untouched: a page of posts is joined from the rows' texts and never parsed. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A handler returns the value of the answer; `undefined` is `{"status":"OK"}`. */
export type Handler<Body> = (input: RouteInput<Body> & { readonly caller: Caller }) => Promise<unknown>;
export type PublicHandler<Body> = (input: RouteInput<Body>) => Promise<unknown>;
