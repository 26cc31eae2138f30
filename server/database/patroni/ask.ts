import type { Clock } from '../clock.ts';
import { type ClusterView, readCluster, readItself } from './cluster-view.ts';

/** More than any cluster has to say; a wrong address may answer for ever. */
const mostCharacters = 1_000_000;

/** What one member's REST interface says, or why it says nothing. */
export type Answer = { readonly view: ClusterView } | { readonly failure: string };

/** Asks `GET /cluster`, and `GET /patroni` where there is none. Never throws. */
export async function ask(url: string, clock: Clock, timeoutMs: number): Promise<Answer> {
  const stop = new AbortController();
  const cancel = clock.after(timeoutMs, () => stop.abort(new Error(`no answer within ${timeoutMs} ms`)));
  try {
    const view = readCluster(await get(new URL('/cluster', url), stop.signal));
    if (view !== undefined) return { view };
    const itself = readItself(await get(new URL('/patroni', url), stop.signal), url);
    return itself === undefined ? { failure: 'its answer is not one of Patroni' } : { view: itself };
  } catch (error) {
    return { failure: reasonOf(error) };
  } finally {
    cancel();
  }
}

/** The body as JSON; undefined when it is none. A member in trouble answers 503 with a good body. */
async function get(url: URL, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true });
    if (text.length > mostCharacters) throw new Error('its answer has no end');
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError) return (cause.errors as Error[]).map(({ message }) => message).join(', ');
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
