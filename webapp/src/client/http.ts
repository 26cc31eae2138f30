import { tokenHeader } from '../../../contract/index.ts';
import { AppError, errorFromAnswer, noAnswer, timedOut } from './app-error.ts';

export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v4`, with its ids already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Milliseconds; default 15 000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export interface HttpDeps {
  readonly fetch: typeof fetch;
  /** The CSRF token of the session, or empty before sign-in. */
  readonly csrf: () => string;
  /** The causal token: sent with each request, kept from each answer. */
  readonly token: { get(): string; keep(token: string): void };
  /** The server no longer knows the session. */
  readonly onSignedOut: () => void;
}

/** Sends one request and parses its answer. Throws `AppError` only. */
export type Http = <T>(request: HttpRequest) => Promise<T>;

const defaultTimeout = 15_000;

function addressOf({ path, query }: HttpRequest): string {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString();
  return `/api/v4${path}${search === '' ? '' : `?${search}`}`;
}

function headersOf(request: HttpRequest, deps: HttpDeps): Record<string, string> {
  const headers: Record<string, string> = { 'X-Requested-With': 'XMLHttpRequest' };
  if (request.body !== undefined) headers['Content-Type'] = 'application/json';
  const csrf = deps.csrf();
  if (csrf !== '') headers['X-CSRF-Token'] = csrf;
  const token = deps.token.get();
  if (token !== '') headers[tokenHeader] = token;
  return headers;
}

function failureOf(error: unknown, signal: AbortSignal): AppError {
  if (signal.aborted && (signal.reason as { name?: string }).name === 'TimeoutError') {
    return new AppError({ id: timedOut, status: 0, message: 'The server did not answer in time.' });
  }
  const detail = error instanceof Error && error.name === 'AbortError' ? 'The request was stopped.' : '';
  return new AppError({ id: noAnswer, status: 0, message: detail || 'The server cannot be reached.' });
}

function signalOf(request: HttpRequest): AbortSignal {
  const limit = AbortSignal.timeout(request.timeout ?? defaultTimeout);
  return request.signal ? AbortSignal.any([limit, request.signal]) : limit;
}

/** Makes the one function through which every request goes. */
export function createHttp(deps: HttpDeps): Http {
  return async <T>(request: HttpRequest): Promise<T> => {
    const signal = signalOf(request);
    let answer: Response;
    let text: string;
    try {
      answer = await deps.fetch(addressOf(request), {
        method: request.method ?? 'GET',
        headers: headersOf(request, deps),
        credentials: 'same-origin',
        signal,
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
      text = await answer.text();
    } catch (error) {
      throw failureOf(error, signal);
    }
    const token = answer.headers.get(tokenHeader);
    if (token) deps.token.keep(token);
    if (answer.ok) return parse<T>(text, answer.status);
    const refusal = errorFromAnswer(answer.status, text, answer.headers.get('Retry-After'));
    if (refusal.id === 'api.context.session_expired.app_error') deps.onSignedOut();
    throw refusal;
  };
}

function parse<T>(text: string, status: number): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw errorFromAnswer(status, text, null);
  }
}
