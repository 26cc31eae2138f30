import { io, type Socket } from 'socket.io-client';
import { create } from 'zustand';
import {
  type EventData,
  type EventName,
  type ServerEvent,
  type SocketAnswer,
  socketEventName,
  socketPath,
} from '../../../contract/index.ts';
import { SequenceTracker } from './sequence.ts';

type Listener = (event: ServerEvent) => void;

/** `connected`: events flow. `since` is when the state began (ms). */
export interface LiveState {
  readonly connected: boolean;
  readonly since: number;
  /** False until the first connection of this page. */
  readonly everConnected: boolean;
}

export const useLiveState = create<LiveState>()(() => ({ connected: false, since: Date.now(), everConnected: false }));

export interface Live {
  /** Connects, and keeps trying for ever (0.5 s to 5 s apart). Harmless when running. */
  start(): void;
  /** Ends the connection: at sign-out. */
  stop(): void;
  /** Tries at once instead of at the next turn. */
  retryNow(): void;
  /** Calls back for each event named; returns the way to stop. */
  on<N extends EventName>(name: N, listener: (data: EventData<N>, event: ServerEvent<N>) => void): () => void;
  /** Calls back for every event, in order. */
  onAny(listener: Listener): () => void;
  /** Events were missed that will not come again (or the first connection stands): read the state anew by REST. */
  onResync(listener: () => void): () => void;
  /** Asks the server over the socket; resolves to `undefined` when there is no connection. */
  ask(action: string, data: unknown): Promise<SocketAnswer | undefined>;
}

class Listeners<A extends unknown[]> {
  readonly #all = new Set<(...args: A) => void>();
  add(listener: (...args: A) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }
  call(...args: A): void {
    for (const listener of this.#all) listener(...args);
  }
}

function setConnected(connected: boolean): void {
  const before = useLiveState.getState();
  if (before.connected === connected && before.everConnected) return;
  useLiveState.setState({ connected, since: Date.now(), everConnected: before.everConnected || connected });
}

interface LiveDeps {
  /** Gets the writer's causal token of each event, before any listener sees the event. */
  readonly keepToken: (token: string) => void;
  /** The server refused the connection: perhaps the session has ended. */
  readonly onRefused: () => void;
}

const againAfterRefusal = 3_000;

interface SocketParts {
  readonly tracker: SequenceTracker;
  readonly receive: (event: ServerEvent) => void;
  readonly onRefused: () => void;
  /** False once the page has let go of the socket. */
  readonly isWanted: (socket: Socket) => boolean;
}

function openSocket({ tracker, receive, onRefused, isWanted }: SocketParts): Socket {
  const socket = io({
    path: socketPath,
    transports: ['websocket'],
    auth: (give) => give(tracker.handshake()),
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.4,
    timeout: 8_000,
  });
  const connectIn = (milliseconds: number) =>
    setTimeout(() => {
      if (isWanted(socket)) socket.connect();
    }, milliseconds);
  socket.on('connect', () => setConnected(true));
  socket.on('disconnect', (reason) => {
    setConnected(false);
    // The library does not come back by itself when the server has ended the connection.
    if (reason === 'io server disconnect') connectIn(500 + Math.random() * 500);
  });
  socket.on('connect_error', () => {
    setConnected(false);
    // Of an unreachable server the library tries again by itself; a refusal it takes for the last word.
    if (socket.active) return;
    onRefused();
    connectIn(againAfterRefusal);
  });
  socket.on(socketEventName, receive);
  return socket;
}

/** Calls back when the browser is online again or its page is looked at again. */
function onBetterTimes(run: () => void): void {
  addEventListener('online', run);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') run();
  });
}

/** The page's one socket. */
export function createLive({ keepToken, onRefused }: LiveDeps): Live {
  const events = new Listeners<[ServerEvent]>();
  const resyncs = new Listeners<[]>();
  const tracker = new SequenceTracker();
  let socket: Socket | undefined;

  const receive = (event: ServerEvent): void => {
    if (event.token) keepToken(event.token);
    const verdict = tracker.take(event);
    if (verdict === 'duplicate') return;
    // A lost range cannot be asked for on a living connection, so the state is read anew.
    if (verdict !== 'next') resyncs.call();
    events.call(event);
  };

  const retryNow = (): void => {
    if (socket && !socket.connected) socket.disconnect().connect();
  };
  onBetterTimes(retryNow);

  return {
    start() {
      socket ??= openSocket({ tracker, receive, onRefused, isWanted: (each) => each === socket });
    },
    stop() {
      socket?.disconnect();
      socket = undefined;
      tracker.forget();
    },
    retryNow,
    on(name, listener) {
      return events.add((event) => {
        if (event.event === name) (listener as (data: unknown, event: ServerEvent) => void)(event.data, event);
      });
    },
    onAny: (listener) => events.add(listener),
    onResync: (listener) => resyncs.add(listener),
    async ask(action, data) {
      if (!socket?.connected) return undefined;
      try {
        return (await socket.timeout(8_000).emitWithAck(action, data)) as SocketAnswer;
      } catch {
        return undefined;
      }
    },
  };
}
