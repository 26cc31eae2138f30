import { WebSocket } from 'ws';

type Frame = Record<string, unknown>;
type Event = { readonly event: string; readonly data: Frame; readonly broadcast: Frame; readonly seq: number };

/** A websocket as a client of another language opens it: frames in, frames out, nothing helped. */
export class RawSocket {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => {
      if (isBinary) throw new Error('The server sent a binary frame.');
      this.frames.push(JSON.parse((data as Buffer).toString()) as Frame);
    });
  }

  static async open(serverUrl: string): Promise<RawSocket> {
    const socket = new WebSocket(`${serverUrl.replace('http', 'ws')}/api/v4/websocket`);
    const raw = new RawSocket(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return raw;
  }

  /** Signed in by the challenge. */
  static async signedIn(serverUrl: string, token: string): Promise<RawSocket> {
    const raw = await RawSocket.open(serverUrl);
    raw.send({ seq: 1, action: 'authentication_challenge', data: { token } });
    await raw.until(() => raw.heard('hello').length === 1 && raw.replies.length === 1);
    return raw;
  }

  send(frame: Frame | Buffer): void {
    this.#socket.send(Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  get events(): Event[] {
    return this.frames.filter((frame) => 'event' in frame) as unknown as Event[];
  }

  get replies(): Frame[] {
    return this.frames.filter((frame) => 'seq_reply' in frame);
  }

  heard(event: string): Event[] {
    return this.events.filter((frame) => frame.event === event);
  }

  /** The first event of that name, when it is there. */
  async next(event: string): Promise<Event> {
    await this.until(() => this.heard(event).length > 0);
    return this.heard(event)[0] as Event;
  }

  /** Waits for it, looking anew with each frame. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(limit);
        this.#socket.off('message', look).off('close', look);
      };
      const look = (): void => {
        if (!holds()) return;
        settle();
        resolve();
      };
      const limit = setTimeout(() => {
        settle();
        reject(new Error(`It did not come. Frames: ${JSON.stringify(this.frames).slice(0, 4_000)}`));
      }, 10_000);
      this.#socket.on('message', look).on('close', look);
      look();
    });
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => this.#socket.once('close', resolve));
    this.#socket.close();
    await closed;
  }
}
