import type { RawData, WebSocket } from 'ws';
import {
  type ErrorId,
  type SocketAnswer,
  type WebSocketReply,
  webSocketChallenge,
  webSocketChallengeData,
  type WebSocketRequest,
  webSocketRequest,
} from '../../../contract/index.ts';
import { AppError, newId } from '../../services/index.ts';
import type { OpenSocket, ResumeRequest } from '../hub.ts';
import type { Intake, SocketIntake } from '../intake.ts';
import { identifyToken } from '../socket-identity.ts';
import type { TransportDeps } from '../socket-transport.ts';
import type { WriteTurn } from '../write-turn.ts';
import { endSocket } from './end-socket.ts';
import type { Handshake } from './handshake.ts';
import type { Beating } from './heartbeat.ts';
import { MattermostWire } from './mattermost-wire.ts';

/** So long may a socket stay open without a session. */
const signInLimitMs = 5_000;
/** A client that asks and does not read its answers is behind by so many bytes at most. */
const unreadLimit = 1_048_576;

export interface ClientSocketDeps extends TransportDeps {
  readonly intake: Intake;
  readonly turn: WriteTurn;
}

/** One client's WebSocket from its handshake to its end: signs in, passes its requests on, answers them. */
export class ClientSocket implements Beating {
  readonly #socket: WebSocket;
  readonly #address: string;
  readonly #resume: ResumeRequest | undefined;
  readonly #deps: ClientSocketDeps;
  readonly #intake: SocketIntake;
  readonly #signInLimit: NodeJS.Timeout;
  #wire: MattermostWire | undefined;
  #open: OpenSocket | undefined;
  #isAlive = true;

  constructor(socket: WebSocket, { token, resume, address }: Handshake, deps: ClientSocketDeps) {
    this.#socket = socket;
    this.#address = address;
    this.#resume = resume;
    this.#deps = deps;
    this.#intake = deps.intake.open(newId());
    this.#signInLimit = setTimeout(() => this.#refuse(), signInLimitMs).unref();
    socket.on('message', (data) => this.#received(data));
    socket.on('pong', () => this.#heard());
    socket.on('error', (error) => deps.logger.debug('realtime.socket_error', { error }));
    socket.on('close', () => this.#closed());
    if (token !== undefined) this.#take(async () => void (await this.#signIn(token)));
  }

  /** Takes a socket away that was silent since the last time, though it was asked for a sign of life. */
  beat(): void {
    if (!this.#isAlive) return this.#socket.terminate();
    this.#isAlive = false;
    this.#socket.ping();
  }

  /** The server stops. */
  stop(): void {
    if (this.#wire) this.#wire.close('stopping');
    else endSocket(this.#socket, 1001, 'the server stops');
  }

  #heard(): void {
    this.#isAlive = true;
  }

  #closed(): void {
    clearTimeout(this.#signInLimit);
    this.#open?.closed();
  }

  #received(data: RawData): void {
    this.#heard();
    const request = parseRequest(data);
    if (request) this.#take(() => this.#obey(request), request.seq);
    else endSocket(this.#socket, 1007, 'not a request');
  }

  #take(work: () => Promise<void>, seq = 0): void {
    // Whoever was told to go may not ask for anything more.
    const inTurn = async (): Promise<void> => {
      if (this.#isOpen) await work();
    };
    const isTaken = this.#intake.take(inTurn, (refusal) => this.#answer(seq, refusal));
    if (!isTaken) endSocket(this.#socket, 1008, 'too many requests');
  }

  async #obey({ seq, action, data }: WebSocketRequest): Promise<void> {
    if (action === '') this.#fail(seq, 'api.web_socket_router.no_action.app_error');
    else if (seq <= 0) this.#fail(seq, 'api.web_socket_router.bad_seq.app_error');
    else if (action === webSocketChallenge) await this.#challenged(seq, data);
    else if (!this.#open) this.#fail(seq, 'api.web_socket_router.not_authenticated.app_error');
    else this.#answer(seq, await this.#deps.actions(this.#open.connection, action, data));
  }

  /** Whoever is signed in stays who they are, and gets no answer: as in Mattermost. */
  async #challenged(seq: number, data: unknown): Promise<void> {
    if (this.#open) return;
    const { data: challenge } = webSocketChallengeData.safeParse(data);
    const isIn = challenge !== undefined && (await this.#signIn(challenge.token, seq));
    if (!isIn && this.#isOpen) this.#refuse();
  }

  /** Whether the token was good. A bad one of the handshake may still be followed by a challenge. */
  async #signIn(token: string, seq?: number): Promise<boolean> {
    const { logger } = this.#deps;
    try {
      const identity = await identifyToken(token, this.#address, this.#deps);
      if (!identity || !this.#isOpen) return false;
      clearTimeout(this.#signInLimit);
      // Before the first event: some clients take what comes first for the answer.
      if (seq !== undefined) this.#answer(seq, { status: 'OK' });
      this.#wire = new MattermostWire(this.#socket, identity.caller.userId, this.#deps);
      this.#open = this.#deps.hub.open({ identity, wire: this.#wire, resume: this.#resume });
      return true;
    } catch (error) {
      // "Cannot know" is not "not signed in": the client shall come back.
      logger.warn('realtime.sign_in_failed', { error });
      endSocket(this.#socket, 1013, 'try again later');
      return false;
    }
  }

  #refuse(): void {
    endSocket(this.#socket, 1008, 'not signed in');
  }

  #fail(seq: number, id: ErrorId): void {
    this.#answer(seq, { status: 'FAIL', error: this.#deps.refusal(new AppError(id), newId()) });
  }

  #answer(seq: number, answer: SocketAnswer): void {
    if (!this.#isOpen) return;
    if (this.#socket.bufferedAmount > unreadLimit) return this.#socket.terminate();
    const reply: WebSocketReply = { ...answer, seq_reply: seq };
    this.#socket.send(JSON.stringify(reply));
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }
}

/** JSON in a text frame or, as some drivers send it, in a binary one; undefined for anything else. */
function parseRequest(data: RawData): WebSocketRequest | undefined {
  try {
    return webSocketRequest.safeParse(JSON.parse(data.toString())).data;
  } catch {
    return undefined;
  }
}
