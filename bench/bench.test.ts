import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { meetsGoal, resultLine } from './report.ts';
import { runLoad, startLoad, successRate } from './support/load.ts';
import { readRate, scriptOf } from './support/pgbench.ts';
import { compare } from './support/rounds.ts';
import { median, quantile } from './support/statistics.ts';

describe('statistics', () => {
  it('takes the middle and the ends', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
    expect(median([])).toBeNaN();
  });

  it('compares round by round and does not count the first', async () => {
    const give = (values: number[]) => () => Promise.resolve(values.shift() ?? Number.NaN);
    const result = await compare(give([100, 2, 6, 4]), give([1, 1, 2, 1]), 3);
    expect(result).toMatchObject({ ratio: 3, spread: [2, 4], ourRates: [2, 6, 4] });
  });
});

describe('goals', () => {
  const result = { name: 'x', spread: [1, 2] as const, unit: 'of y', detail: '' };

  it.each([
    ['>= 1.0', 1, true],
    ['>= 1.0', 0.99, false],
    ['<= 1.10', 1.1, true],
    ['<= 1.10', 1.2, false],
  ])('%s of %d is %s', (goal, ratio, met) => {
    expect(meetsGoal({ goal, ratio })).toBe(met);
    expect(resultLine({ ...result, goal, ratio })).toContain(met ? 'met' : 'MISSED');
  });

  it('refuses a goal that it cannot judge', () => {
    expect(() => meetsGoal({ goal: 'fast', ratio: 1 })).toThrow(/no goal/);
  });
});

describe('pgbench', () => {
  it('puts expressions in the place of placeholders', () => {
    const script = scriptOf('SELECT $1,\n  $2, $10, $1', ['a', 'b', '3', '4', '5', '6', '7', '8', '9', 'j'], []);
    expect(script.sql).toBe('SELECT (a), (b), (j), (a)');
  });

  it('takes a run with failures for no measurement', () => {
    expect(readRate('number of failed transactions: 0 (0.000%)\ntps = 1234.5 (without initial)')).toBe(1234.5);
    expect(() => readRate('number of failed transactions: 2\ntps = 9')).toThrow(/did not measure/);
    expect(() => readRate('connection refused')).toThrow(/did not measure/);
  });
});

describe('the load client', { timeout: 30_000 }, () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  const listen = (answer: RequestListener): Promise<string> =>
    new Promise((resolve) => {
      const own = createServer(answer);
      server = own;
      own.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(own.address() as AddressInfo).port}`));
    });

  it('sends what it was told, each request with a number of its own', async () => {
    const seen: string[] = [];
    const url = await listen((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push(`${request.method} ${request.headers.authorization} ${Buffer.concat(chunks).toString()}`);
        response.setHeader('Content-Length', 2).end('{}');
      });
    });
    const requests = [{ method: 'POST' as const, path: '/posts', token: 'abc', body: '{"id":"{{n}}"}' }];
    const report = await successRate({ url, connections: 3, milliseconds: 200, requests });
    expect(report.statuses['200']).toBe(seen.length);
    expect(seen[0]).toMatch(/^POST Bearer abc {"id":"\d+"}$/);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('counts refusals, and takes a load with any for no measurement', async () => {
    const url = await listen((_request, response) => {
      response.statusCode = 503;
      response.setHeader('Content-Length', 4).end('busy');
    });
    const order = { url, connections: 2, milliseconds: 150, requests: [{ method: 'GET' as const, path: '/' }] };
    const report = await runLoad(order);
    expect(Object.keys(report.statuses)).toEqual(['503']);
    expect(report.firstFailure).toBe('busy');
    await expect(successRate(order)).rejects.toThrow(/503/);
  });

  it.each([
    { watched: true, isCounted: true },
    { watched: false, isCounted: false },
  ])('counts the longest time without a success when it is watched for: $watched', async ({ watched, isCounted }) => {
    const held: (() => void)[] = [];
    let arrivals = 0;
    let isHolding = false;
    const url = await listen((_request, response) => {
      arrivals += 1;
      const answer = (): void => void response.setHeader('Content-Length', 2).end('{}');
      if (isHolding) held.push(answer);
      else answer();
    });
    const load = startLoad({ url, connections: 2, milliseconds: 20_000, requests: [{ method: 'GET', path: '/' }] });
    await vi.waitUntil(() => arrivals > 4, 10_000);
    if (watched) load.watch();
    const start = performance.now();
    isHolding = true;
    await vi.waitUntil(() => held.length === 2 && performance.now() - start > 150, 10_000);
    isHolding = false;
    for (const answer of held.splice(0)) answer();
    const seen = arrivals;
    await vi.waitUntil(() => arrivals > seen + 4, 10_000);
    load.rest();
    load.stop();
    const { longestGap, answers } = await load.report;
    expect(longestGap > 100).toBe(isCounted);
    expect(answers).toBe(arrivals);
  });

  it('goes to this machine only', async () => {
    const order = { url: 'http://192.0.2.1', connections: 1, milliseconds: 1, requests: [] };
    await expect(runLoad(order)).rejects.toThrow(/this machine only/);
  });
});
