import type { IncomingMessage } from 'node:http';
import { AppError } from '../../services/index.ts';

/** Content types that are certainly no JSON. Every other one is read as JSON: Go clients send none at all. */
const NOT_JSON = /^(?:multipart\/|application\/x-www-form-urlencoded|application\/octet-stream)/i;

/**
 * Reads the JSON body of a request, whatever its content type says; an empty body is `undefined`, a bare value is fine.
 *
 * @param limit in bytes.
 * @throws AppError 413, 415 or 400.
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const type = request.headers['content-type'];
  // Without a body its type says nothing: curl -d '' and old clients send that of a form.
  if (type !== undefined && NOT_JSON.test(type) && request.headers['content-length'] !== '0') {
    throw new AppError('api.context.unsupported_media_type.app_error', {
      params: { type: type.split(';', 1)[0] ?? '' },
    });
  }
  const bytes = await readBytes(request, limit);
  return bytes.length === 0 ? undefined : parseJson(bytes.toString('utf8'));
}

function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => new AppError('api.context.body_too_large.app_error', { params: { limit } });
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      // What still comes is thrown away, so that the client reads the refusal instead of a broken connection.
      if (size > limit) reject(tooLarge());
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('close', () => {
      if (!request.complete)
        reject(new AppError('api.context.invalid_body.app_error', { params: { reason: 'it is cut off' } }));
    });
    request.on('error', reject);
  });
}

/**
 * Parses JSON; texts in it are well-formed Unicode without the character NUL, which no database takes, and it is not
 * nested deeper than what walks through it can follow.
 */
function parseJson(text: string): unknown {
  if (text.length > DEPTH_MAX && isTooDeep(text)) throw invalidJson(`it is nested deeper than ${DEPTH_MAX} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidJson(reasonOf(text, error as SyntaxError), error);
  }
  return SUSPICIOUS.test(text) ? cleaned(value, '') : value;
}

function invalidJson(reason: string, cause?: unknown): AppError {
  return new AppError('api.context.invalid_body.app_error', { params: { reason }, cause });
}

const DEPTH_MAX = 256;

/** Long texts alone are looked through; a short one has no room for that many brackets. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '[' || char === '{') {
      if (++depth > DEPTH_MAX) return true;
    } else if (char === ']' || char === '}') depth--;
  }
  return false;
}

/** Escapes that may stand for NUL or half a surrogate pair; as rare as it is cheap to look for them. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function cleaned(value: unknown, path: string): unknown {
  if (typeof value === 'string') return cleanedText(value, path);
  if (Array.isArray(value)) return value.map((item, i) => cleaned(item, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      cleanedText(key, path),
      cleaned(member, path ? `${path}.${key}` : key),
    ]),
  );
}

function cleanedText(text: string, path: string): string {
  if (text.includes('\0')) {
    throw new AppError('api.context.invalid_body_param.app_error', { params: { name: path || 'body' } });
  }
  return text.replace(LONE_SURROGATE, '\ufffd');
}

/** Where the text stops being JSON. The engine's own message is not passed on: it quotes the body. */
function reasonOf(text: string, error: SyntaxError): string {
  if (endsTooEarly(error)) return 'it ends too early';
  const position = /at position (\d+)/.exec(error.message)?.[1] ?? firstBadPosition(text);
  return position === undefined ? 'it has an unexpected character' : `unexpected character at position ${position}`;
}

function endsTooEarly(error: SyntaxError): boolean {
  return /end of JSON input|Unterminated string/.test(error.message);
}

/**
 * Some of the engine's messages name no position. A text is still good before the bad character: its beginnings fail
 * only because they end too early, so the position is found by halving.
 */
function firstBadPosition(text: string): number | undefined {
  if (text.length > 100_000) return undefined;
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    return (
      endsTooEarly(error as SyntaxError) || new RegExp(`position ${text.length}\\b`).test((error as Error).message)
    );
  }
}
