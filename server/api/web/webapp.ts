import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { baseHeaders, pagePolicy } from '../http/index.ts';
import { type BuiltFile, looksLikeFile, readBuiltFiles } from './built-files.ts';

export interface WebappOptions {
  /** The folder of the build, with `index.html` and `assets/`. */
  readonly root: string;
  /** Some tools read the server's version from the start page. */
  readonly versionId: () => string;
  /** Whether users reach the server over https: browsers then ask for nothing else. */
  readonly secure: () => boolean;
}

/** What the build writes where each answer's nonce belongs. */
const NONCE_PLACE = '__CSP_NONCE__';

const MISSING = `<!doctype html><html lang="en"><title>Holdfast</title><h1>The webapp is not built</h1>
<p>The server is running, and its API answers below <code>/api/v4</code>. Run <code>npm run build</code>, then load this page again.</p>`;

/**
 * Serves the built webapp: its files, and `index.html` for every other path, since the webapp has its own routes. What
 * is neither GET nor HEAD, and files that do not exist, are passed on.
 */
export function createWebapp(options: WebappOptions): RequestHandler {
  let files = readBuiltFiles(options.root);
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    files ??= readBuiltFiles(options.root);
    const file = files?.get(request.path);
    if (file !== undefined && request.path !== '/index.html') return sendFile(request, response, file);
    if (looksLikeFile(request.path) && request.path !== '/index.html') return next();
    sendPage(response, options, files?.get('/index.html'));
  };
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: BuiltFile): void {
  const headers: string[] = [
    ...baseHeaders,
    'Content-Type',
    file.contentType,
    'ETag',
    file.etag,
    'Vary',
    'Accept-Encoding',
  ];
  headers.push('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const [bytes, encoding] = encoded(file, request.headers['accept-encoding']);
  if (encoding !== undefined) headers.push('Content-Encoding', encoding);
  headers.push('Content-Length', String(bytes.length));
  response.writeHead(200, headers).end(bytes);
}

function encoded(file: BuiltFile, accepted: string | string[] | undefined): [Buffer, string | undefined] {
  const wanted = new Set(
    String(accepted ?? '')
      .split(',')
      .map((name) => name.trim()),
  );
  if (file.brotli !== undefined && wanted.has('br')) return [file.brotli, 'br'];
  if (file.gzip !== undefined && wanted.has('gzip')) return [file.gzip, 'gzip'];
  return [file.bytes, undefined];
}

/** The page is never kept: each answer has a nonce of its own, and the next build has other assets. */
function sendPage(response: ServerResponse, options: WebappOptions, index: BuiltFile | undefined): void {
  const nonce = randomBytes(16).toString('base64');
  const page = index === undefined ? MISSING : index.bytes.toString('utf8').replaceAll(NONCE_PLACE, nonce);
  const headers: string[] = [...baseHeaders, 'Content-Type', 'text/html; charset=utf-8', 'Cache-Control', 'no-cache'];
  headers.push('Content-Security-Policy', pagePolicy(nonce), 'X-Version-Id', options.versionId());
  if (options.secure()) headers.push('Strict-Transport-Security', 'max-age=31536000');
  headers.push('Content-Length', String(Buffer.byteLength(page)));
  response.writeHead(index === undefined ? 503 : 200, headers).end(page);
}
