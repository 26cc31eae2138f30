import type { Client4 } from '@mattermost/client';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed text; fails where it is no JSON. */
  readonly json: unknown;
}

export interface RawRequest {
  /** Sent as bytes: no Content-Type goes along unless `headers` has one. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as a client of another language makes it: only what is given is sent. */
export async function rawCall(
  client: Client4,
  method: string,
  path: string,
  { body, headers = {} }: RawRequest = {},
): Promise<RawAnswer> {
  const token = client.getToken();
  const response = await fetch(
    path.startsWith('/api') || path === '/' ? client.getUrl() + path : client.getBaseRoute() + path,
    {
      method,
      headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    },
  );
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text) as unknown;
    },
  };
}
