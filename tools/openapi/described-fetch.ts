import { apiPrefix, type CheckExchange } from './check-exchange.ts';
import { keptCheck } from './kept-check.ts';

/** Routes that only a test has. */
const OF_TESTS = `${apiPrefix}/testing/`;
/** Sent along by who sends more than is described, and looks at the answer only. */
export const nonsenseHeader = 'x-nonsense';

/**
 * Makes every `fetch` of this process that goes to the API fail when the exchange is not as `docs/openapi.json` describes it.
 * A test that uses it so proves the description along the way.
 */
export function holdFetchToDescription(): void {
  const plain = globalThis.fetch;
  let check: CheckExchange | undefined;
  globalThis.fetch = async (input, init) => {
    const response = await plain(input, init);
    const url = new URL(response.url || String(input instanceof Request ? input.url : input));
    if (!url.pathname.startsWith(`${apiPrefix}/`) || url.pathname.startsWith(OF_TESTS)) return response;
    check ??= keptCheck();
    const fault = await faultOf(check, { input, init, url }, response);
    if (fault === undefined) return response;
    const method = methodOf(input, init);
    throw new Error(`${method} ${url.pathname}${url.search} -> ${response.status}: by docs/openapi.json ${fault}`);
  };
}

interface Sent {
  readonly input: Parameters<typeof fetch>[0];
  readonly init: RequestInit | undefined;
  readonly url: URL;
}

async function faultOf(
  check: CheckExchange,
  { input, init, url }: Sent,
  response: Response,
): Promise<string | undefined> {
  const method = methodOf(input, init);
  if (method === 'HEAD') return undefined;
  const type = response.headers.get('content-type') ?? '';
  const answer = type === 'application/json' ? parsed(await response.clone().text()) : undefined;
  const body = typeof init?.body === 'string' && init.body !== '' ? parsed(init.body) : undefined;
  const path = url.pathname.slice(apiPrefix.length);
  const isNonsense = new Headers(init?.headers).has(nonsenseHeader);
  const sent = isNonsense ? { query: new URLSearchParams() } : { query: url.searchParams, body };
  return check({ method, path, ...sent, status: response.status, type, answer });
}

function methodOf(input: Sent['input'], init: RequestInit | undefined): string {
  return (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
