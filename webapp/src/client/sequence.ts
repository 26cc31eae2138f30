import type { EventData, ServerEvent, SocketHandshake } from '../../../contract/index.ts';

/** `first`: the page's first hello. `restarted`: a new connection that knows nothing of the former one's events. */
export type Verdict = 'next' | 'first' | 'restarted' | 'gap' | 'duplicate';

/** Follows a connection's event numbers, so that nothing missed goes unseen and nothing comes twice. */
export class SequenceTracker {
  #connectionId: string | undefined;
  #expected = 0;
  #before = false;

  /** What to show at the next handshake to go on where we were. */
  handshake(): SocketHandshake {
    return this.#connectionId === undefined
      ? {}
      : { connection_id: this.#connectionId, sequence_number: this.#expected };
  }

  take(event: Pick<ServerEvent, 'event' | 'seq' | 'data'>): Verdict {
    if (event.event === 'hello') {
      this.#connectionId = (event.data as EventData<'hello'>).connection_id;
      this.#expected = event.seq + 1;
      const verdict = this.#before ? 'restarted' : 'first';
      this.#before = true;
      return verdict;
    }
    if (event.seq < this.#expected) return 'duplicate';
    const verdict = event.seq === this.#expected ? 'next' : 'gap';
    this.#expected = event.seq + 1;
    return verdict;
  }

  /** After a sign-out: the next connection is somebody else's. */
  forget(): void {
    this.#connectionId = undefined;
    this.#expected = 0;
    this.#before = false;
  }
}
