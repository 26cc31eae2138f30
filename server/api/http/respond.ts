import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppError } from '../../services/index.ts';
import { errorBodyOf } from './errors.ts';
import { Download, sendDownload } from './download.ts';
import { Answer, RawJson } from './route.ts';
import { baseHeaders, dataPolicy } from './security-headers.ts';
import { Tagged } from './tagged.ts';

/** What every answer says about the server. */
export interface ServerFacts {
  /** `version.build.config_hash.licensed`; Mattermost's clients reload when it changes. */
  readonly versionId: () => string;
  /** Shows the inside of errors in `detailed_error`. */
  readonly developer: () => boolean;
}

const OK = '{"status":"OK"}';
const DATA_HEADERS = [...baseHeaders, 'Content-Security-Policy', dataPolicy];

/** The text of a handler's value. */
function textOf(value: unknown): string {
  if (value === undefined) return OK;
  return value instanceof RawJson ? value.text : JSON.stringify(value);
}

/** What is sent, apart from the headers that every answer has. */
interface Outgoing {
  readonly status: number;
  readonly text: string;
  readonly requestId: string;
  /** Further headers, name and value in turn. */
  readonly headers: readonly string[];
}

/**
 * Writes a JSON answer. The headers go out as one flat list, which node prints without building a table of them.
 * The content type is exactly `application/json`: Mattermost's own client compares it for equality.
 */
function writeJson(request: IncomingMessage, response: ServerResponse, facts: ServerFacts, outgoing: Outgoing): void {
  const { status, text, requestId, headers } = outgoing;
  const head: (string | number)[] = [
    'Content-Type',
    'application/json',
    'X-Request-Id',
    requestId,
    'X-Version-Id',
    facts.versionId(),
    ...DATA_HEADERS,
    ...headers,
  ];
  if (request.method === 'GET') head.push('Expires', '0');
  if (status === 304 || status === 204) {
    response.writeHead(status, head as string[]).end();
    return;
  }
  head.push('Content-Length', Buffer.byteLength(text));
  response.writeHead(status, head as string[]).end(text);
}

/** Sends what a handler returned; only bytes take their time. `headers` are name and value in turn. */
export function sendValue(
  request: IncomingMessage,
  response: ServerResponse,
  facts: ServerFacts,
  result: { value: unknown; status: number; requestId: string; headers: readonly string[] },
): void | Promise<void> {
  const { value, status, requestId, headers } = result;
  if (value instanceof Tagged) return sendTagged(request, response, facts, { ...result, value });
  if (value instanceof Download) {
    const head = ['X-Request-Id', requestId, 'X-Version-Id', facts.versionId(), ...headers];
    return sendDownload(request, response, value, head);
  }
  if (!(value instanceof Answer)) {
    // Named one by one: V8 makes a new hidden class for each copy that a spread begins.
    writeJson(request, response, facts, { status, text: textOf(value), requestId, headers });
    return;
  }
  writeJson(request, response, facts, {
    status: value.status ?? status,
    text: textOf(value.value),
    requestId,
    headers: [...headers, ...flat(value.headers)],
  });
}

/** As Mattermost, tags are bare and compared as they stand; its Go clients always send the header, empty without a tag. */
async function sendTagged(
  request: IncomingMessage,
  response: ServerResponse,
  facts: ServerFacts,
  result: { value: Tagged; status: number; requestId: string; headers: readonly string[] },
): Promise<void> {
  const { value, status, requestId } = result;
  const etag = `${facts.versionId()}.${value.tag}`;
  const headers = [...result.headers, 'ETag', etag];
  if (request.headers['if-none-match'] === etag) {
    writeJson(request, response, facts, { status: 304, text: '', requestId, headers });
    return;
  }
  const loaded = await value.load();
  const others = loaded instanceof Tagged ? result.headers : headers;
  await sendValue(request, response, facts, { value: loaded, status, requestId, headers: others });
}

function flat(headers: Answer['headers']): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [name, value] : value.flatMap((one) => [name, one]),
  );
}

/** Sends a refusal in the error shape. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  facts: ServerFacts,
  refusal: { error: AppError; requestId: string; headers: readonly string[] },
): void {
  const { error, requestId } = refusal;
  writeJson(request, response, facts, {
    status: error.status,
    text: JSON.stringify(errorBodyOf(error, requestId, facts.developer())),
    requestId,
    headers:
      error.retryAfter === undefined
        ? refusal.headers
        : [...refusal.headers, 'Retry-After', String(Math.ceil(error.retryAfter))],
  });
}
