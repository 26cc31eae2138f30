import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The plainest HTTP server: the same ready bytes to everybody. Ends with the process that started it.
process.once('message', (body: string) => {
  const length = Buffer.byteLength(body);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': length });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
});
process.once('disconnect', () => process.exit(0));
