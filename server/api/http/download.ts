import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../services/index.ts';
import { type ByteRange, rangeOf } from './byte-range.ts';
import { baseHeaders } from './security-headers.ts';

/** Bytes as an answer. A handler returns it in the place of a value. */
export interface DownloadParts {
  readonly contentType: string;
  readonly size: number;
  /** As it is sent; it changes with the bytes. */
  readonly etag: string;
  /** Milliseconds since 1970; left out when it is not known. */
  readonly modifiedAt?: number;
  /** Value of `Cache-Control`. */
  readonly cache: string;
  /** The name to save it under. */
  readonly name?: string;
  /** Whether a browser is to save it rather than show it. */
  readonly save: boolean;
  readonly open: (range: ByteRange | undefined) => Promise<Readable | Buffer>;
}

export class Download {
  readonly parts: DownloadParts;
  constructor(parts: DownloadParts) {
    this.parts = parts;
  }
}

/** Whoever opens an answer of bytes as a page runs nothing of it, and it is nobody's origin. */
const BYTES_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";
const BYTES_HEADERS = [
  ...baseHeaders,
  ...['Content-Security-Policy', BYTES_POLICY, 'Cross-Origin-Resource-Policy', 'same-origin'],
];

/**
 * Sends bytes: all of them, a part, or the word that the client has them already.
 *
 * @param head further headers, name and value in turn.
 * @throws AppError 416; whatever opening the bytes throws.
 */
export async function sendDownload(
  request: IncomingMessage,
  response: ServerResponse,
  { parts }: Download,
  head: readonly string[],
): Promise<void> {
  const headers = [...head, ...BYTES_HEADERS, ...describe(parts)];
  if (isKnown(request.headers['if-none-match'], parts.etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const range = isSameVersion(String(request.headers['if-range'] ?? ''), parts)
    ? rangeOf(request.headers.range, parts.size)
    : undefined;
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${parts.size}`);
    throw new AppError('api.file.range.app_error');
  }
  const length = range === undefined ? parts.size : range.last - range.first + 1;
  if (range !== undefined) headers.push('Content-Range', `bytes ${range.first}-${range.last}/${parts.size}`);
  headers.push('Content-Length', String(length));
  const status = range === undefined ? 200 : 206;
  if (request.method === 'HEAD') {
    response.writeHead(status, headers).end();
    return;
  }
  const bytes = await parts.open(range);
  response.writeHead(status, headers);
  if (Buffer.isBuffer(bytes)) response.end(range ? bytes.subarray(range.first, range.last + 1) : bytes);
  else await pour(bytes, response);
}

function describe({ contentType, etag, modifiedAt, cache, name, save }: DownloadParts): string[] {
  const headers = ['Content-Type', contentType, 'ETag', etag, 'Cache-Control', cache, 'Accept-Ranges', 'bytes'];
  if (modifiedAt !== undefined) headers.push('Last-Modified', new Date(modifiedAt).toUTCString());
  if (name !== undefined) headers.push('Content-Disposition', disposition(save ? 'attachment' : 'inline', name));
  return headers;
}

/** A client that goes away in the midst of it is no error. */
async function pour(bytes: Readable, response: ServerResponse): Promise<void> {
  try {
    await pipeline(bytes, response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

const bare = (etag: string): string =>
  etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');

function isKnown(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  return header.trim() === '*' || header.split(',').some((one) => bare(one) === bare(etag));
}

/** A part is of use only to who has the rest of the same bytes. */
function isSameVersion(header: string, { etag, modifiedAt }: DownloadParts): boolean {
  if (header === '') return true;
  if (modifiedAt !== undefined && header === new Date(modifiedAt).toUTCString()) return true;
  return !header.startsWith('W/') && bare(header) === bare(etag);
}

/** What no encoding of an address can hold. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * `attachment; filename="..."; filename*=UTF-8''...`: the first for clients that know no other, in plain characters; the
 * second is the name itself.
 */
export function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name.replace(LONE_SURROGATE, '\ufffd')).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
