import type { IncomingHttpHeaders } from 'node:http';
import type { Stranger } from '../../services/index.ts';

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip'];
const LOOPBACK_PEER = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/** What is known of somebody without a session. */
export function strangerOf(input: { readonly headers: IncomingHttpHeaders; readonly address: string }): Stranger {
  return { address: input.address, isLocal: isLocal(input), userAgent: input.headers['user-agent'] ?? '' };
}

/**
 * Whether a request was made at this machine by its own user. A proxy on this machine and a foreign web page in a
 * browser on this machine come over loopback as well; the one names whom it speaks for, the other its own origin
 * or, having rebound its name to this address, its own host.
 */
function isLocal({ headers, address }: { readonly headers: IncomingHttpHeaders; readonly address: string }): boolean {
  if (!LOOPBACK_PEER.test(address) || FORWARDED.some((name) => headers[name] !== undefined)) return false;
  const host = headers.host ?? '';
  if (!LOOPBACK_HOST.test(host)) return false;
  return headers.origin === undefined || headers.origin.replace(/^https?:\/\//, '') === host;
}
