import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';
import type { DatabaseMode, ErrorBody } from '../../../contract/index.ts';
import { DatabaseError } from '../../database/index.ts';
import { AppError } from '../../services/index.ts';
import { invalidUrlParam } from './url.ts';

/** Turns whatever was thrown into the refusal that the client sees. The one place that knows of `DatabaseError`. */
export function toAppError(error: unknown, mode: () => DatabaseMode): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof DatabaseError) return fromDatabase(error, mode());
  // Express reports a malformed percent-encoding of the path as an error with the status 400.
  if (error instanceof URIError) return invalidUrlParam('path');
  return internal(error);
}

function fromDatabase(error: DatabaseError, mode: DatabaseMode): AppError {
  const options = { detail: error.message, cause: error };
  if (error.outcome === 'unknown')
    return new AppError('api.database.outcome_unknown.app_error', { ...options, retryAfter: 1 });
  switch (error.kind) {
    case 'held':
      return mode.mode === 'read-only'
        ? new AppError('api.database.read_only.app_error', {
            ...options,
            params: { reason: mode.reason },
            retryAfter: 10,
          })
        : new AppError('api.database.switching.app_error', { ...options, retryAfter: 1 });
    case 'unreachable':
    case 'not-writable':
    case 'misconfigured':
    case 'disk':
    case 'closed':
      return new AppError('api.database.unavailable.app_error', { ...options, retryAfter: 2 });
    case 'overload':
    case 'timeout':
    case 'conflict':
      return new AppError('api.database.busy.app_error', { ...options, retryAfter: 1 });
    case 'unique':
    case 'statement':
      return internal(error);
  }
}

function internal(error: unknown): AppError {
  return new AppError('api.context.internal.app_error', {
    cause: error,
    detail: error instanceof Error ? error.message : String(error),
  });
}

/** The refusal of a body that does not fit its schema; it names the first bad field. */
export function fromSchema(problem: z.ZodError): AppError {
  const path = problem.issues[0]?.path ?? [];
  return new AppError('api.context.invalid_body_param.app_error', {
    params: { name: path.length === 0 ? 'body' : path.join('.') },
    detail: problem.issues[0]?.message ?? '',
  });
}

/** The JSON of a refusal. Its detail is for developers: it may tell of the server's inside. */
export function errorBodyOf(error: AppError, requestId: string, developer: boolean): ErrorBody {
  return {
    id: error.id,
    message: error.message,
    detailed_error: developer ? error.detail : '',
    request_id: requestId,
    status_code: error.status,
  };
}

/** Answers to what node's parser refuses before there is a request: JSON as everywhere else. */
export function rawRefusal(status: number): string {
  const body = JSON.stringify({
    id: 'api.context.invalid_request.app_error',
    message: STATUS_CODES[status] ?? 'Bad Request',
    detailed_error: '',
    request_id: '',
    status_code: status,
  } satisfies ErrorBody);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}
