import { WebSocket } from 'ws';
import type { ServerEvent, SocketAnswer, WebSocketReply } from '../../../contract/index.ts';
import type { TransportClient, Visit } from './transport-server.ts';

/** A client of Mattermost's websocket, with everything that came over it. */
export interface WebSocketClient extends TransportClient {
  readonly socket: WebSocket;
  /** Events and replies as they came. */
  readonly messages: unknown[];
  readonly replies: WebSocketReply[];
  /** Why the server closed it, or the status of the refused handshake. */
  readonly end: Promise<readonly [code: number, reason: string]>;
  request(message: unknown, options?: { readonly binary?: boolean }): void;
}

export function connectWebSocket(port: number, { token, headers, resume }: Visit, query = ''): WebSocketClient {
  const back = resume && `?connection_id=${resume.connectionId}&sequence_number=${resume.sequenceNumber}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v4/websocket${back ?? query}`, {
    headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...headers },
  });
  const events: ServerEvent[] = [];
  const messages: unknown[] = [];
  const replies: WebSocketReply[] = [];
  const asking = new Map<number, (reply: SocketAnswer) => void>();
  const opened = new Promise<void>((resolve) => socket.once('open', resolve));
  const end = new Promise<readonly [number, string]>((resolve) => {
    socket.once('close', (code, reason) => resolve([code, reason.toString()]));
    socket.once('unexpected-response', (_request, response) => {
      resolve([response.statusCode ?? 0, '']);
      socket.terminate();
    });
  });
  socket.on('error', () => {});
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    const message = JSON.parse(data.toString()) as ServerEvent | WebSocketReply;
    messages.push(isBinary ? 'binary' : message);
    if ('event' in message) return events.push(message);
    const { seq_reply: seq, ...answer } = message;
    asking.get(seq)?.(answer);
    return replies.push(message);
  });
  const request = (message: unknown, { binary = false } = {}): void => {
    const data = typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
    void opened.then(() => socket.send(data, { binary }));
  };
  let seq = 0;
  const send = (action: string, data: unknown): void => {
    seq += 1;
    request({ seq, action, data });
  };
  return {
    socket,
    events,
    messages,
    replies,
    end,
    request,
    send,
    ask(action, data) {
      send(action, data);
      return new Promise((resolve) => asking.set(seq, resolve));
    },
    leave: () => socket.terminate(),
    isClosed: () => socket.readyState === socket.CLOSED,
  };
}
