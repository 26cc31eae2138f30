import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The address of the client: the first of `trustedHeaders` (lower case) that names one, as a proxy in front of the
 * server sets them, else the peer's. Without a proxy, trust no header: anybody can send one.
 */
export function clientAddress(request: IncomingMessage, trustedHeaders: readonly string[]): string {
  for (const name of trustedHeaders) {
    const value = request.headers[name];
    const first = typeof value === 'string' ? value.split(',', 1)[0]?.trim() : undefined;
    if (first !== undefined && isIP(first) !== 0) return first;
  }
  return request.socket.remoteAddress ?? '';
}
