import type { ErrorBody } from '../../../contract/index.ts';

/** Ids of failures that never reached the server or came back without an error body. */
export const noAnswer = 'client.no_answer';
export const timedOut = 'client.timed_out';
const unreadableAnswer = 'client.unreadable_answer';

/**
 * A failed request. `status` is 0 when there was no answer. `message` is written for people and may be shown as it is.
 */
export class AppError extends Error {
  readonly id: string;
  readonly status: number;
  readonly requestId: string;
  /** Seconds the server asks us to wait, when it does. */
  readonly retryAfter: number | undefined;

  constructor(fields: {
    id: string;
    status: number;
    message: string;
    requestId?: string;
    retryAfter?: number | undefined;
  }) {
    super(fields.message);
    this.name = 'AppError';
    this.id = fields.id;
    this.status = fields.status;
    this.requestId = fields.requestId ?? '';
    this.retryAfter = fields.retryAfter;
  }
}

function isErrorBody(value: unknown): value is ErrorBody {
  return typeof value === 'object' && value !== null && 'id' in value && 'message' in value;
}

/** Reads the refusal out of an answer. A proxy's HTML page counts as an unreadable answer of the same status. */
export function errorFromAnswer(status: number, text: string, retryAfter: string | null): AppError {
  const seconds = Number(retryAfter);
  const wait = retryAfter !== null && Number.isFinite(seconds) ? seconds : undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!isErrorBody(body)) {
    return new AppError({
      id: unreadableAnswer,
      status,
      message: `The server answered with status ${status}.`,
      retryAfter: wait,
    });
  }
  return new AppError({ id: body.id, status, message: body.message, requestId: body.request_id, retryAfter: wait });
}

/** Words for any thrown value. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether waiting and trying again may help: the refusal says nothing about the request itself. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  return error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500;
}
