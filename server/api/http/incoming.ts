import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { limits } from '../../../contract/index.ts';
import { AppError } from '../../services/index.ts';

/** How long what is not wanted is still taken, so that the client reads the refusal instead of a broken connection. */
const THROW_AWAY_MS = 20_000;

const cutOff = () => new AppError('api.context.invalid_body.app_error', { params: { reason: 'it is cut off' } });
const badForm = (reason: string, cause?: unknown) =>
  new AppError('api.file.upload_file.form.app_error', { params: { reason }, cause });

export function isForm(request: IncomingMessage): boolean {
  return /^multipart\/form-data/i.test(request.headers['content-type'] ?? '');
}

/** How long the body says it is; 0 when it does not say. */
export function announcedBytes(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0) || 0;
}

/** Throws away what still comes of a request that has been refused; not for ever. */
export function throwAway(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), THROW_AWAY_MS);
  timer.unref();
  request.once('close', () => clearTimeout(timer));
}

/**
 * The bytes of a body that is no form. Whoever stops reading leaves the connection whole.
 *
 * @throws AppError 400, out of the loop, when the client goes away.
 */
export async function* bytesOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false })) yield piece as Buffer;
    if (!request.complete) throw cutOff();
  } catch (error) {
    throw error instanceof AppError ? error : cutOff();
  } finally {
    throwAway(request);
  }
}

export interface FormReader {
  readonly field: (name: string, value: string) => void;
  /** Must read the bytes or throw; a form goes on when its file has been read. */
  readonly file: (name: string, filename: string, bytes: Readable) => Promise<void>;
}

const FORM_LIMITS = {
  fieldNameSize: 100,
  fieldSize: 10_000,
  fields: 50,
  files: limits.filesMax,
  parts: 60,
  headerPairs: 20,
  headerSize: 16_384,
};

/**
 * Reads a multipart form, part by part, as its bytes come in.
 *
 * @throws AppError 400 for what is no form, or was cut off; whatever `reader.file` throws. By then every call of it has ended.
 */
export async function readForm(request: IncomingMessage, reader: FormReader): Promise<void> {
  const form = openForm(request);
  const files: Promise<void>[] = [];
  const open = new Set<Readable>();
  try {
    await new Promise<void>((resolve, reject) => {
      form.on('field', (name, value) => reader.field(name, value));
      form.on('file', (name, bytes, filename) => {
        open.add(bytes);
        // Whoever reads it is told in their loop; nobody else needs to hear of it.
        bytes.on('error', () => undefined).once('close', () => open.delete(bytes));
        const read = reader.file(name, asWritten(filename), bytes);
        files.push(read);
        read.catch(reject);
      });
      for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit']) {
        form.on(limit, () => reject(badForm('it has too many parts')));
      }
      form.on('error', (error: unknown) => reject(badForm('it is damaged', error)));
      form.on('finish', resolve);
      request.once('error', () => reject(cutOff()));
      request.once('close', () => {
        if (!request.complete) reject(cutOff());
      });
      request.pipe(form);
    });
    await Promise.all(files);
  } catch (error) {
    request.unpipe(form);
    for (const bytes of open) bytes.destroy(error as Error);
    throwAway(request);
    await Promise.allSettled(files);
    throw error;
  }
}

/** Browsers write a quotation mark in a name as `%22`, and nothing else so. Without a name it is undefined, against its type. */
function asWritten(filename: string | undefined): string {
  return (filename ?? '').replaceAll('%22', '"');
}

function openForm(request: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({ headers: request.headers as BusboyHeaders, limits: FORM_LIMITS });
  } catch (error) {
    throw badForm('its content type names no boundary', error);
  }
}
