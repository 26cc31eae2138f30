/** The parts of a `ws` socket that its types leave out. engine.io sends pre-built frames by the same two members. */
export interface FrameSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly _sender: { sendFrame(list: readonly Buffer[]): void };
}

const webSocketOpen = 1;
/** A socket may be behind by so many bytes given to the kernel's queue. */
const bytesLimit = 1_048_576;

/** Whether a socket of `ws` takes finished frames. The member is not public, so its shape is checked before its use. */
export function takesFrames(socket: unknown): socket is FrameSocket {
  const { _sender: sender } = (socket ?? {}) as Partial<FrameSocket>;
  return typeof sender?.sendFrame === 'function';
}

export const isOpen = (socket: FrameSocket): boolean => socket.readyState === webSocketOpen;

/** Writes finished frames by one system call, past the encoding and the header of `send`. */
export function writeFrames(socket: FrameSocket, frames: readonly Buffer[]): void {
  socket._sender.sendFrame(frames.length === 1 ? frames : [Buffer.concat(frames)]);
}

/** How full the queue of unsent bytes is: 0 = empty, 1 = full. */
export const bytesFullness = (socket: FrameSocket): number => socket.bufferedAmount / bytesLimit;
