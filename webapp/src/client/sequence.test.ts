import { describe, expect, it } from 'vitest';
import { SequenceTracker } from './sequence.ts';

const hello = (id: string) => ({
  event: 'hello' as const,
  seq: 0,
  data: { connection_id: id, server_version: '', server_hostname: '' },
});
const numbered = (seq: number) => ({ event: 'typing' as const, seq, data: { parent_id: '', user_id: 'u' } });

describe('SequenceTracker', () => {
  it('shows nothing at the first handshake and its place at the next', () => {
    const tracker = new SequenceTracker();
    expect(tracker.handshake()).toEqual({});
    expect(tracker.take(hello('a'))).toBe('first');
    expect(tracker.take(numbered(1))).toBe('next');
    expect(tracker.handshake()).toEqual({ connection_id: 'a', sequence_number: 2 });
  });

  it('takes replayed events once', () => {
    const tracker = new SequenceTracker();
    tracker.take(hello('a'));
    tracker.take(numbered(1));
    expect(tracker.take(numbered(1))).toBe('duplicate');
    expect(tracker.take(numbered(2))).toBe('next');
  });

  it('reports a gap once and goes on from there', () => {
    const tracker = new SequenceTracker();
    tracker.take(hello('a'));
    expect(tracker.take(numbered(3))).toBe('gap');
    expect(tracker.take(numbered(4))).toBe('next');
  });

  it('knows a restarted connection from the first one', () => {
    const tracker = new SequenceTracker();
    tracker.take(hello('a'));
    tracker.take(numbered(1));
    expect(tracker.take(hello('b'))).toBe('restarted');
    expect(tracker.take(numbered(1))).toBe('next');
    tracker.forget();
    expect(tracker.handshake()).toEqual({});
    expect(tracker.take(hello('c'))).toBe('first');
  });
});
