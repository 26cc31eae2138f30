import { apiVersion, endpoints } from '../../../contract/index.ts';
import { baseHeaders, type PlainRoute, RawJson, type RouteSpec, route } from '../http/index.ts';
import { createDocument, type OpenApiDocument } from './document.ts';
import { readerPage } from './reader-page.ts';

export { createDocument, type OpenApiDocument, type Operation } from './document.ts';

/** Nothing runs on the page and nothing is loaded by it. */
const PAGE_HEADERS = [
  ...baseHeaders,
  'Content-Type',
  'text/html; charset=utf-8',
  'Content-Security-Policy',
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
];

export interface DescribedApi {
  /** The given routes, and `GET /openapi.json`, which describes all of them. */
  readonly routes: readonly RouteSpec[];
  /** `/openapi`: the same as a page. */
  readonly page: PlainRoute;
}

/** Adds its description to an API. Document and page are made when they are first asked for, then kept. */
export function describeApi(routes: readonly RouteSpec[]): DescribedApi {
  const document = once((): OpenApiDocument => describeRoutes(all));
  const text = once(() => JSON.stringify(document()));
  const page = once(() => Buffer.from(readerPage(document())));
  const own = route({ method: 'get', path: '/openapi.json', access: 'public' }, async () => new RawJson(text()));
  const all: readonly RouteSpec[] = [...routes, own];
  return {
    routes: all,
    page: {
      path: '/openapi',
      handle({ method }, response) {
        response.writeHead(200, [...PAGE_HEADERS, 'Content-Length', String(page().length)]);
        response.end(method === 'HEAD' ? undefined : page());
      },
    },
  };
}

/** The document of a whole server's routes. */
export function describeRoutes(routes: readonly RouteSpec[]): OpenApiDocument {
  return createDocument(
    routes.map(({ definition }) => definition),
    endpoints,
    apiVersion,
  );
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
