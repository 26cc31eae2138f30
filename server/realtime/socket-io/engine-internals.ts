import type { Socket } from 'socket.io';

/** The parts of a `ws` socket that its types leave out. engine.io sends pre-built frames by the same two members. */
interface FrameSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly _sender: { sendFrame(list: readonly Buffer[]): void };
}

/** The parts of an engine.io connection that we look into. */
export interface EngineConnection {
  readonly transport: { readonly name: string; readonly writable: boolean; readonly socket?: unknown };
  readonly writeBuffer: readonly unknown[];
  write(data: string): unknown;
  close(): unknown;
}

const open = 1;

/**
 * The engine.io connection below a socket.io socket. Its members are not all public, so their shape is checked: after
 * an upgrade of the package which moves them, this throws in the first test instead of breaking the order of events.
 */
export function engineOf(socket: Socket): EngineConnection {
  const conn = socket.conn as unknown as EngineConnection;
  if (!Array.isArray(conn.writeBuffer) || typeof conn.transport?.writable !== 'boolean') {
    throw new Error('engine.io has another shape than expected: see server/realtime/socket-io/engine-internals.ts');
  }
  return conn;
}

/**
 * The `ws` socket of a connection that may be written past engine.io's queue, or undefined. It may when nothing waits
 * in front: then the order is kept, and a delivery costs one write instead of a packet, a queue and five emits.
 */
export function idleWebSocket(conn: EngineConnection): FrameSocket | undefined {
  const { transport } = conn;
  if (transport.name !== 'websocket' || !transport.writable || conn.writeBuffer.length > 0) return undefined;
  return webSocketOf(conn);
}

/** Bytes that a connection's `ws` socket was given and the kernel has not yet taken. */
export function bufferedBytes(conn: EngineConnection): number {
  return webSocketOf(conn)?.bufferedAmount ?? 0;
}

function webSocketOf({ transport }: EngineConnection): FrameSocket | undefined {
  const ws = transport.socket as Partial<FrameSocket> | undefined;
  return ws?.readyState === open && typeof ws._sender?.sendFrame === 'function' ? (ws as FrameSocket) : undefined;
}
