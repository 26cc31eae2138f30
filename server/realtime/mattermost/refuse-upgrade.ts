import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorBody } from '../../../contract/index.ts';

/** Answers a handshake as the API answers a failed request. */
export function refuseUpgrade(socket: Duplex, body: ErrorBody): void {
  const text = JSON.stringify(body);
  const { status_code: status } = body;
  // The client may be gone already, which is no matter then.
  socket.on('error', () => {});
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(text)}`,
      '',
      text,
    ].join('\r\n'),
  );
}
