/** Room for every `seq` up to ten billion minus one. */
const seqWidth = 10;
const space = 0x20;
const zero = 0x30;

/**
 * A WebSocket text frame that is built once and serves all receivers of an event although `seq` differs per receiver.
 * JSON allows spaces in front of a number, so `seq` stands in a field of fixed width: the frame's length, and with it
 * its header, is the same for all. A receiver costs a copy of some hundred bytes and up to ten digits, instead of an
 * encoding, a UTF-8 conversion and a header.
 */
export class SharedFrame {
  readonly #template: Buffer;
  readonly #seqEnd: number;

  /** @param before text up to the place of `seq`'s digits. @param after text that follows them. */
  constructor(before: string, after: string) {
    const payload = before + ' '.repeat(seqWidth) + after;
    const length = Buffer.byteLength(payload);
    const header = frameHeader(length);
    // Not out of node's pool: events are kept for the return of clients, and each would keep 8 KiB of the pool with it.
    this.#template = Buffer.allocUnsafeSlow(header.length + length);
    header.copy(this.#template);
    this.#template.write(payload, header.length);
    this.#seqEnd = this.#template.length - Buffer.byteLength(after);
  }

  /** The bytes for a receiver whose next `seq` this is. The buffer is the caller's own. */
  withSeq(seq: number): Buffer {
    const frame = Buffer.allocUnsafe(this.#template.length);
    this.#template.copy(frame);
    let rest = seq;
    let at = this.#seqEnd;
    do {
      at -= 1;
      frame[at] = zero + (rest % 10);
      rest = Math.floor(rest / 10);
    } while (rest > 0);
    frame.fill(space, this.#seqEnd - seqWidth, at);
    return frame;
  }
}

/** RFC 6455, 5.2: one unfragmented, unmasked text frame (a server never masks). */
function frameHeader(length: number): Buffer {
  const finalText = 0x81;
  if (length < 126) return Buffer.from([finalText, length]);
  if (length < 65_536) {
    const header = Buffer.from([finalText, 126, 0, 0]);
    header.writeUInt16BE(length, 2);
    return header;
  }
  const header = Buffer.alloc(10);
  header.set([finalText, 127]);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
