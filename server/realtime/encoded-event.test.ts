import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { OutgoingEvent } from '../services/index.ts';
import { EncodedEvent } from './encoded-event.ts';

const envelope = { before: '42["event",', after: ']', withToken: true };

function edited(post: string): EncodedEvent {
  return new EncodedEvent({ event: 'post_edited', data: { post }, to: { channel_id: 'lobby' }, token: undefined });
}

/** Reads a frame as RFC 6455 says, the way a client does. */
function readFrame(frame: Buffer): string {
  expect(frame[0]).toBe(0x81);
  const short = frame[1] ?? 0;
  const [start, length] =
    short < 126 ? [2, short] : short === 126 ? [4, frame.readUInt16BE(2)] : [10, Number(frame.readBigUInt64BE(2))];
  expect(frame.length).toBe(start + length);
  return frame.toString('utf8', start);
}

describe('EncodedEvent', () => {
  it('prints Mattermost shape: all places of the broadcast, seq last, no token when there is none', () => {
    expect(JSON.parse(edited('{}').text(3))).toEqual({
      event: 'post_edited',
      data: { post: '{}' },
      broadcast: {
        omit_users: null,
        user_id: '',
        channel_id: 'lobby',
        team_id: '',
        connection_id: '',
        omit_connection_id: '',
      },
      seq: 3,
    });
  });

  it.each([0, 60, 200, 65_400, 65_600, 200_000])('frames %d characters with the right header', (length) => {
    const text = readFrame(edited('x'.repeat(length)).frame(envelope).withSeq(12));
    expect(text.startsWith(envelope.before) && text.endsWith(envelope.after)).toBe(true);
  });

  it('the shared frame says for every seq and text what the slow way says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 9_999_999_999 }), (post, seq) => {
        const event = edited(post);
        const text = readFrame(event.frame(envelope).withSeq(seq));
        const json = text.slice(envelope.before.length, -envelope.after.length);
        expect(JSON.parse(json)).toEqual(JSON.parse(event.text(seq)));
      }),
    );
  });

  it('gives every receiver bytes of its own', () => {
    const frame = edited('{}').frame(envelope);
    const first = frame.withSeq(1);
    frame.withSeq(2);
    expect(JSON.parse(readFrame(first).slice(envelope.before.length, -1))).toMatchObject({ seq: 1 });
  });

  it('is framed once per envelope', () => {
    const event = edited('{}');
    expect(event.frame(envelope)).toBe(event.frame(envelope));
    expect(event.frame({ before: '', after: '', withToken: false })).not.toBe(event.frame(envelope));
  });

  it('carries the token only where the envelope asks for it, and is printed once for both', () => {
    const toJson = vi.fn(() => 'text');
    const event = new EncodedEvent({
      event: 'post_edited',
      data: { post: { toJSON: toJson } as unknown as string },
      to: {},
      token: '7.1.AB' as OutgoingEvent['token'],
    });
    const bare = { before: '', after: '', withToken: false };
    const shown = JSON.parse(readFrame(event.frame(bare).withSeq(4))) as object;
    expect(Object.keys(shown)).toEqual(['event', 'data', 'broadcast', 'seq']);
    expect(JSON.parse(event.text(4))).toEqual({ ...shown, token: '7.1.AB' });
    expect(toJson).toHaveBeenCalledTimes(1);
  });
});
