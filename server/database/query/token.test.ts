import { describe, expect, it } from 'vitest';
import { CausalityRegistry, makeToken, parseToken, positionIn } from './token.ts';

const registry = (history: string | null = null): CausalityRegistry => {
  let now = 0;
  return new CausalityRegistry({ now: () => now++, history: () => history, isLater: (a, b) => a > b });
};

describe('tokens', () => {
  it('give their position in their own cluster only', () => {
    const token = makeToken('7001.1', '00AB');
    expect(positionIn(token, '7001.1')).toBe('00AB');
    expect(positionIn(token, '700')).toBeUndefined();
    expect(positionIn(token, '7001.11')).toBeUndefined();
    expect(positionIn(token, '7001.2')).toBeUndefined();
    expect(positionIn(undefined, '7001.1')).toBeUndefined();
  });

  it('are taken from a client only in their own form', () => {
    expect(parseToken('7001.1.00AB')).toBe('7001.1.00AB');
    for (const text of [
      undefined,
      '',
      'x',
      '7001',
      '7001.00AB',
      "7001.1.'; DROP",
      '7001.1.00AB\n',
      `1.1.${'A'.repeat(300)}`,
    ]) {
      expect(parseToken(text)).toBeUndefined();
    }
  });
});

describe('a causality', () => {
  it('moves up only', () => {
    const causality = registry().of('ann');
    causality.raise(makeToken('7001.1', '05'));
    causality.raise(makeToken('7001.1', '03'));
    causality.raise(undefined);
    expect(causality.token).toBe('7001.1.05');
    causality.raise(makeToken('7001.1', '09'));
    expect(causality.token).toBe('7001.1.09');
  });

  it('follows its user to another cluster', () => {
    const causality = registry().of('ann');
    causality.raise(makeToken('7001.1', 'FF'));
    causality.raise(makeToken('8002.1', '01'));
    expect(causality.token).toBe('8002.1.01');
  });

  it('follows its user to a later timeline, and not back', () => {
    const causality = registry().of('ann');
    causality.raise(makeToken('7001.9', 'FF'));
    causality.raise(makeToken('7001.10', '01'));
    causality.raise(makeToken('7001.9', 'FF'));
    expect(causality.token).toBe('7001.10.01');
  });

  it('keeps to the present history, even if its timeline is lower than that of one that was given up', () => {
    const causality = registry('7001.2').of('ann');
    const [given, own] = [makeToken('7001.3', 'FF'), makeToken('7001.2', '01')];
    causality.raise(given);
    expect(causality.token).toBe(given);
    causality.raise(own);
    expect(causality.token).toBe(own);
    // From a page that was open before.
    causality.raise(given);
    expect(causality.token).toBe(own);
  });

  it('is one for all sessions of a user', () => {
    const users = registry();
    users.of('ann').raise(makeToken('7001.1', '05'));
    expect(users.of('ann').token).toBe('7001.1.05');
    expect(users.of('bob').token).toBeUndefined();
  });
});
