import { describe, expect, it } from 'vitest';
import { createLogger, type LogOptions } from './create-logger.ts';

function logInto(lines: string[], options: Partial<LogOptions> = {}) {
  return createLogger({ level: 'info', format: 'json', ...options }, (line) => lines.push(line));
}

describe('createLogger', () => {
  it('prints named events with their fields and those of the child', () => {
    const lines: string[] = [];
    logInto(lines).logger.child({ source: 'db1:5432/chat' }).warn('replica.left', { cause: 'timeout' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      event: 'replica.left',
      source: 'db1:5432/chat',
      cause: 'timeout',
    });
  });

  it('prints no secret, neither to the output nor to the kept lines', () => {
    const lines: string[] = [];
    const output = logInto(lines);
    output.logger.child({ password: 's3cr3t' }).error('pool.failed', {
      error: new Error('no route to postgres://ann:s3cr3t@db1/chat'),
    });
    expect(lines.join('') + output.recentLogs().join('')).not.toContain('s3cr3t');
    expect(lines[0]).toContain('postgres://ann:***@db1/chat');
  });

  it('takes a new level at once, in children made before as well', () => {
    const lines: string[] = [];
    const output = logInto(lines);
    const child = output.logger.child({});
    child.debug('quiet');
    output.apply({ level: 'debug', format: 'json' });
    child.debug('loud');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('loud');
  });

  it('prints plain lines for a terminal, with the stack of an error below', () => {
    const lines: string[] = [];
    logInto(lines, { format: 'plain' }).logger.error('start.failed', { port: 8065, error: new Error('port taken') });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ERROR start\.failed port=8065 error="port taken"\n {4}Error/);
  });

  it('keeps the newest lines, oldest first', () => {
    const output = logInto([]);
    expect(output.recentLogs()).toEqual([]);
    for (let i = 0; i < 2_205; i += 1) output.logger.info('tick', { i });
    const kept = output.recentLogs();
    expect(kept.map(({ id, line }) => id - (JSON.parse(line) as { i: number }).i)).toEqual(Array(2_000).fill(0));
    expect([kept[0]?.id, kept.at(-1)?.id]).toEqual([205, 2_204]);
    expect(output.recentLogs(2_202).map(({ id }) => id)).toEqual([2_203, 2_204]);
    expect(output.recentLogs(2_204)).toEqual([]);
  });
});
