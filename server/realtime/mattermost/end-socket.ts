import type { WebSocket } from 'ws';

/** A client gets so long to agree to the end. */
const goodbyeMs = 2_000;

/** Closes a socket with a reason for the client, and without its consent when that does not come. */
export function endSocket(socket: WebSocket, code: number, text: string): void {
  socket.close(code, text);
  const limit = setTimeout(() => socket.terminate(), goodbyeMs).unref();
  socket.once('close', () => clearTimeout(limit));
}
