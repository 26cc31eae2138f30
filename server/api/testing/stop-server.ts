import type { Server } from 'node:http';

/**
 * Stops a server and its connections. Closing alone would wait for a connection whose answer has reached the client but is
 * not done with here: it counts as busy, and is then kept for the next request.
 */
export function stopServer(server: Server | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (server === undefined) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
