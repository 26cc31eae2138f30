import { errorBody } from '../../../contract/index.ts';
import type { RouteSpec } from '../http/index.ts';
import { nonsenseHeader } from '../../../tools/openapi/described-fetch.ts';
import { sampleBody } from './sample-body.ts';

export interface BadInputOptions {
  /** `http://127.0.0.1:port`. */
  readonly base: string;
  readonly routes: readonly RouteSpec[];
  /** Headers of somebody who is signed in. */
  readonly headers: Readonly<Record<string, string>>;
  /** Routes that would end the test itself. */
  readonly skip?: (spec: RouteSpec) => boolean;
}

/** An answer that no input may get: a 5xx, HTML, another shape than the error's, or a success for nonsense. */
export interface BadAnswer {
  readonly request: string;
  readonly body: string;
  readonly status: number;
  readonly problem: string;
  readonly answer: string;
}

interface Attempt {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Only a 4xx will do; otherwise a success is fine too. */
  readonly mustRefuse: boolean;
}

const UNKNOWN_ID = 'z'.repeat(26);
const BAD_IDS = [
  'short',
  'z'.repeat(27),
  '..%2f..%2fetc',
  '%00',
  '%zz',
  '%ff',
  "'%20OR%201=1--",
  'ä'.repeat(26),
  'z'.repeat(4_000),
];
const HOSTILE_NAMES = ['%00', '%zz', "'%3B--", '%25', '%5C', '..', 'z'.repeat(4_000), '%F0%9F%A6%86', UNKNOWN_ID];
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  '',
  ' ',
  'x\u0000y',
  '\ud800',
  "'; DROP TABLE users; --",
  '%_\\',
  '🦆'.repeat(20_000),
  -1,
  1.5,
  1e300,
  Number.MAX_SAFE_INTEGER,
  true,
  [],
  {},
  [[null]],
  { a: { b: ['\u0000'] } },
  { __proto__: 1, constructor: 'x' },
  UNKNOWN_ID,
  UNKNOWN_ID.toUpperCase(),
];
const BAD_JSON = ['{', '{"a":}', '[1,', '"', 'nul', '\u0000', '\ufeff{}', '['.repeat(50_000), '{"a":1}x', 'a=b&c=d'];
const QUERIES = [
  'page=-1&per_page=abc&limit=x&since=x&before=x&after=x&in_team=x&in_channel=x&sort=x&fromPost=x&fromCreateAt=x',
  'page=999999999&per_page=999999999&limit=999999999',
  'page=99999999999999999999&since=99999999999999999999&fromCreateAt=99999999999999999999&limit=99999999999999999999',
  `before=${UNKNOWN_ID}&since=9007199254740991`,
  `after=${UNKNOWN_ID}&limit_before=-1&limit_after=0&perPage=-5&direction=sideways`,
  `in_team=${UNKNOWN_ID}&not_in_channel=${UNKNOWN_ID}&role=%25&name=%25_%5C&term=%27`,
  'name=%00&term=%00',
  'name=%F0%9F%A6%86&name=&page=&per_page=&since=&sort=',
  `name=${'z'.repeat(4_000)}`,
  '&&==%zz',
];

/**
 * Sends nonsense to every route: ill-formed, unknown, overlong and hostile parameters, queries and bodies, bodies that
 * break off, no session, wrong methods. Bodies are made from each route's schema, so new routes are covered by being
 * in the list.
 *
 * @returns the answers that are wrong; empty when all is well.
 */
export async function findBadAnswers(options: BadInputOptions): Promise<{ sent: number; bad: BadAnswer[] }> {
  const routes = options.routes.filter((spec) => options.skip?.(spec) !== true);
  const attempts = routes.flatMap((spec) => attemptsOn(spec, options.headers));
  const bad: BadAnswer[] = [];
  const queue = attempts[Symbol.iterator]();
  const worker = async () => {
    for (const attempt of queue) {
      const found = await judge(options.base, attempt);
      if (found !== undefined) bad.push(found);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return { sent: attempts.length, bad };
}

function attemptsOn(spec: RouteSpec, headers: Attempt['headers']): Attempt[] {
  const { path, method, body: schema, access } = spec.definition;
  const sample = schema === undefined ? undefined : sampleBody(schema);
  const base: Attempt = {
    method: method.toUpperCase(),
    path: pathWith(path, {}),
    body: sample && JSON.stringify(sample.value),
    type: 'application/json',
    // A public route may end the session that it is shown: signing out is one.
    headers: access === 'public' ? {} : headers,
    mustRefuse: false,
  };
  const attempts = [
    ...badParams(base, path),
    ...QUERIES.map((query) => ({ ...base, path: `${base.path}?${query}` })),
    ...(schema === undefined || sample === undefined ? [] : badBodies(base, schema, sample)),
  ];
  if (access === 'session' || access === 'admin') {
    const strangers: Attempt['headers'][] = [
      {},
      { authorization: 'Bearer' },
      { authorization: `Bearer ${'z'.repeat(26)}` },
      { cookie: `MMAUTHTOKEN=${'z'.repeat(26)}; MMAUTHTOKEN` },
      { cookie: `MMAUTHTOKEN=${'%zz'.repeat(1_000)}` },
    ];
    for (const stranger of strangers) attempts.push({ ...base, headers: stranger, mustRefuse: true });
  }
  return attempts;
}

const pathWith = (path: string, values: Readonly<Record<string, string>>): string =>
  `/api/v4${path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? (name.endsWith('_id') ? UNKNOWN_ID : 'unknown'))}`;

function badParams(base: Attempt, path: string): Attempt[] {
  return [...path.matchAll(/:(\w+)/g)].flatMap(([, name = '']) => {
    const isId = name.endsWith('_id');
    return (isId ? BAD_IDS : HOSTILE_NAMES).map((value) => ({
      ...base,
      path: pathWith(path, { [name]: value }),
      mustRefuse: isId,
    }));
  });
}

function badBodies(
  base: Attempt,
  schema: NonNullable<RouteSpec['definition']['body']>,
  sample: ReturnType<typeof sampleBody>,
): Attempt[] {
  const values = [
    null,
    [],
    {},
    '',
    'x',
    7,
    true,
    [null],
    [[]],
    ...sample.fields.flatMap((f) => mutations(sample.value, f)),
  ];
  const mutated = values.map((value) => ({
    ...base,
    body: JSON.stringify(value),
    mustRefuse: !schema.safeParse(value).success,
  }));
  const broken = BAD_JSON.map((body) => ({ ...base, body, mustRefuse: true }));
  return [
    ...mutated,
    ...broken,
    { ...base, body: '' },
    { ...base, body: JSON.stringify('x'.repeat(1_100_000)), mustRefuse: true },
    { ...base, type: 'multipart/form-data; boundary=x', mustRefuse: true },
    { ...base, type: 'application/x-www-form-urlencoded', mustRefuse: true },
    { ...base, type: 'text/html' },
  ];
}

/** The sample with one field left out, and with each hostile value in its place. */
function mutations(sample: unknown, field: string): unknown[] {
  const change = (edit: (body: Record<string, unknown>) => Record<string, unknown>): unknown =>
    Array.isArray(sample) ? sample.map((item) => edit(item as never)) : edit(sample as never);
  const without = change(({ [field]: _left, ...rest }) => rest);
  return [without, ...HOSTILE_VALUES.map((value) => change((body) => ({ ...body, [field]: value })))];
}

async function judge(base: string, attempt: Attempt): Promise<BadAnswer | undefined> {
  const { method, path, body, type, headers } = attempt;
  const init = body === undefined || method === 'GET' ? {} : { body };
  const response = await fetch(base + path, {
    method,
    headers: { 'content-type': type, [nonsenseHeader]: 'true', ...headers },
    ...init,
  });
  const answer = await response.text();
  const problem = problemOf(attempt, response, answer);
  if (problem === undefined) return undefined;
  const request = `${method} ${path.slice(0, 200)}`;
  return { request, body: (body ?? '').slice(0, 200), status: response.status, problem, answer: answer.slice(0, 300) };
}

function problemOf(attempt: Attempt, response: Response, answer: string): string | undefined {
  if (response.status >= 500 && response.status !== 501) return 'a server error';
  const type = response.headers.get('content-type');
  if (type !== 'application/json' && response.status !== 304) return `content type ${type}`;
  if (response.status < 400) return attempt.mustRefuse ? 'a success for nonsense' : undefined;
  const shape = errorBody.safeParse(JSON.parse(answer));
  return shape.success && shape.data.status_code === response.status ? undefined : 'not the error shape';
}
