import { WebSocketClient, type WebSocketMessages } from '@mattermost/client';
import { WebSocket } from 'ws';
import type { Post } from '../../contract/index.ts';

/** Any message, as the client hands it on. */
type Message = Parameters<Parameters<WebSocketClient['addMessageListener']>[0]>[0];
type Answer = { readonly status: string; readonly data?: Record<string, unknown> };

/** What the client expects of a browser and Node 20 has not. */
class ClosingEvent extends Event {
  readonly code: number;
  constructor(type: string, { code = 0 } = {}) {
    super(type);
    this.code = code;
  }
}
Object.assign(globalThis, { WebSocket, CloseEvent: ClosingEvent });

/** An address at which nobody listens. */
const nowhere = 'ws://127.0.0.1:1';

/** A program on the published client of Mattermost, unmodified: it listens, and its network may be cut. */
export class MattermostListener {
  readonly #client: WebSocketClient;
  readonly #sockets: WebSocket[] = [];
  #hasNetwork = true;
  readonly events: Message[] = [];
  /** So often it was told that events are missing and the state must be read anew. */
  missed = 0;
  cuts = 0;

  constructor(serverUrl: string, token: string) {
    this.#client = new WebSocketClient({
      // Its own three seconds at least would make each cut of a test that long.
      minWebSocketRetryTime: 30,
      reconnectJitterRange: 10,
      newWebSocketFn: (url) => {
        const socket = new WebSocket(this.#hasNetwork ? url : nowhere);
        this.#sockets.push(socket);
        return socket as unknown as globalThis.WebSocket;
      },
    });
    this.#client.addMessageListener((message) => this.events.push(message));
    this.#client.addMissedMessageListener(() => (this.missed += 1));
    this.#client.initialize(`${serverUrl.replace('http', 'ws')}/api/v4/websocket`, token);
  }

  /** As a lost network: no goodbye. The client comes back by itself. */
  cut(): void {
    this.cuts += 1;
    this.#sockets.at(-1)?.terminate();
  }

  /** Cuts the network until it is given back. */
  loseNetwork(): void {
    this.#hasNetwork = false;
    this.cut();
  }

  findNetwork(): void {
    this.#hasNetwork = true;
  }

  close(): void {
    this.#client.close();
  }

  /** The posts of people in a channel that it heard of, in the order of their events. */
  posts(channelId: string): Post[] {
    return this.events
      .filter((message): message is WebSocketMessages.Posted => message.event === 'posted')
      .map(({ data }) => JSON.parse(data.post) as Post)
      .filter((post) => post.channel_id === channelId && post.type === '');
  }

  heard(event: string): Message[] {
    return this.events.filter((message) => message.event === event);
  }

  typing(channelId: string): Promise<Answer> {
    return new Promise((resolve) => this.#client.userTyping(channelId, '', resolve as () => void));
  }

  statuses(): Promise<Answer> {
    return new Promise((resolve) => this.#client.getStatuses(resolve as () => void));
  }

  statusesOf(userIds: string[]): Promise<Answer> {
    return new Promise((resolve) => this.#client.getStatusesByIds(userIds, resolve as () => void));
  }
}
