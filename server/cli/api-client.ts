import { type ErrorBody, errorBody } from '../../contract/index.ts';

/** An answer that is no success: what the server said, or why there was none. */
export class ApiError extends Error {
  /** The server's own words; undefined when it did not answer as Holdfast does. */
  readonly body: ErrorBody | undefined;

  constructor(message: string, body?: ErrorBody) {
    super(message);
    this.name = 'ApiError';
    this.body = body;
  }
}

/** Asks a running server, as the admin whom the token belongs to. */
export interface ApiClient {
  /** @throws ApiError with a message for the operator. */
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>;
}

/** A token is written into a header: anything else than printable characters would be a mistake or worse. */
const isToken = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);

/**
 * @param url e.g. `http://localhost:8065`.
 * @throws ApiError when the token cannot be one.
 */
export function createApiClient(url: string, token: string, request: typeof fetch = fetch): ApiClient {
  if (!isToken(token)) throw new ApiError('The token is empty or holds white space: give it as the server gave it.');
  const base = `${url.replace(/\/+$/, '')}/api/v4`;
  return {
    async call(method, path, body) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await request(`${base}${path}`, { method, headers, ...sent }).catch((error: unknown) => {
        throw new ApiError(
          `${url} does not answer: ${reasonOf(error)}. Is the server running, and is this its address?`,
        );
      });
      const answer: unknown = await response.json().catch(() => undefined);
      if (response.ok) return answer;
      const refusal = errorBody.safeParse(answer).data;
      throw new ApiError(
        adviceFor(response.status) ?? refusal?.message ?? `${url} answered ${response.status}.`,
        refusal,
      );
    },
  };
}

function adviceFor(status: number): string | undefined {
  if (status === 401)
    return 'The server does not accept the token. Sign in as a system admin and use the token of that session.';
  if (status === 403) return 'The token belongs to somebody who is no system admin.';
  return undefined;
}

/** The driver of fetch says "fetch failed" and puts the reason behind it. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
