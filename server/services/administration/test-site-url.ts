import { AppError } from '../base/app-error.ts';

const LIMIT_MS = 5_000;

/**
 * Asks the server under the address that users are to reach it by whether it is there. For administrators only: it makes this machine
 * send a request.
 *
 * @throws AppError 400 when the address is none, or does not answer like this server.
 */
export async function testSiteUrl(siteUrl: string, limitMs = LIMIT_MS): Promise<void> {
  const address = parse(siteUrl);
  if (address === undefined)
    throw new AppError('api.context.invalid_body_param.app_error', { params: { name: 'site_url' } });
  const reason = await refusalOf(address, limitMs);
  if (reason !== undefined) throw new AppError('app.admin.test_site_url.failure', { params: { reason } });
}

/** The address of the ping; a password or a port of another protocol has no place in it. */
function parse(siteUrl: string): URL | undefined {
  if (!URL.canParse(siteUrl)) return undefined;
  const url = new URL(siteUrl);
  const isWeb = (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
  if (!isWeb) return undefined;
  return new URL(`${url.origin}${url.pathname.replace(/\/+$/, '')}/api/v4/system/ping`);
}

async function refusalOf(address: URL, limitMs: number): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(limitMs);
    // Where it is sent on to somewhere else, the address is not the one to write down.
    const response = await fetch(address, { signal, redirect: 'manual' });
    await response.body?.cancel();
    return response.status === 200 ? undefined : `it answered with status ${response.status}`;
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError'
      ? `it did not answer within ${limitMs / 1_000} seconds`
      : 'it cannot be reached';
  }
}
