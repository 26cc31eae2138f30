import { hash } from 'node:crypto';
import { limits, logQueryRequest } from '../../../contract/index.ts';
import type { Administration } from '../../services/index.ts';
import { Download, integerOf, route, type RouteSpec } from '../http/index.ts';

/** The server's log in Mattermost's shapes. */
export function createLogsRoutes(logs: Administration['logs']): RouteSpec[] {
  return [
    route({ method: 'get', path: '/logs', access: 'admin' }, async ({ query }) => logs.lines(positionOf(query))),
    route({ method: 'post', path: '/logs/query', access: 'admin', body: logQueryRequest }, async ({ query, body }) =>
      logs.query(body, positionOf(query)),
    ),
    route({ method: 'get', path: '/logs/download', access: 'admin' }, async () =>
      fileOf('holdfast.log', 'text/plain; charset=utf-8', Buffer.from(logs.text())),
    ),
  ];
}

function positionOf(query: URLSearchParams) {
  const { logsPerPageMax: max } = limits;
  return {
    page: Math.min(integerOf(query, 'page') ?? 0, max),
    perPage: Math.min(integerOf(query, 'logs_per_page') || max, max),
  };
}

/** Bytes to be saved under a name. */
export function fileOf(name: string, contentType: string, bytes: Buffer): Download {
  return new Download({
    contentType,
    size: bytes.length,
    etag: `"${hash('sha256', bytes, 'base64url')}"`,
    cache: 'no-store',
    name,
    save: true,
    open: async (range) => (range === undefined ? bytes : bytes.subarray(range.first, range.last + 1)),
  });
}
