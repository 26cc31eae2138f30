import { WebSocket } from 'ws';

/** What the parent asks for. */
type Order =
  | { readonly open: string; readonly count: number; readonly greeting?: string }
  | { readonly expect: number };

/**
 * The receiving end of the broadcast benchmark, in a process of its own so that its work is not counted as the
 * server's. It opens sockets, and tells the parent when all of them together have received so many broadcast messages.
 */
const sockets: WebSocket[] = [];
let received = 0;
let expected = Number.POSITIVE_INFINITY;

function count(data: Buffer): void {
  // Whatever is not the broadcast (hello, pings of engine.io) is shorter than its 300 bytes.
  if (data.length < 250) return;
  received += 1;
  if (received === expected) process.send?.('received');
}

async function open(url: string, greeting: string | undefined): Promise<void> {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${sockets.length}` } });
  sockets.push(socket);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  if (greeting !== undefined) socket.send(greeting);
  socket.on('message', (data: Buffer) => {
    if (data.length === 1 && data[0] === 0x32) socket.send('3');
    else count(data);
  });
}

async function obey(order: Order): Promise<void> {
  if ('expect' in order) {
    received = 0;
    expected = order.expect;
    process.send?.('ready');
    return;
  }
  for (const socket of sockets.splice(0)) socket.terminate();
  for (let i = 0; i < order.count; i += 1) await open(order.open, order.greeting);
  process.send?.('open');
}

process.on('message', (order: Order) => void obey(order));
