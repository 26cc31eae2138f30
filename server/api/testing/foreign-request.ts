import type { z } from 'zod';
import { endpoints } from '../../../contract/index.ts';
import { keyOf, type RouteDefinition } from '../http/index.ts';
import { dot, type ForeignWorld } from './foreign-world.ts';
import { sampleBody } from './sample-body.ts';

/** A call of a route that points at what belongs to others, in every place where it names something. */
export interface ForeignRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string | FormData;
  readonly type?: string;
}

const NOTHING = 'z'.repeat(26);
let serial = 0;

export function foreignRequest(definition: RouteDefinition, world: ForeignWorld): ForeignRequest {
  const { method, path } = definition;
  const endpoint = endpoints[keyOf(definition)];
  const values = valuesFor(path, world);
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parameter(name, values)));
  const query = new URLSearchParams();
  for (const name of endpoint?.query ?? []) {
    const value = values[name];
    if (value !== undefined) query.set(name, value);
  }
  const target = { method: method.toUpperCase(), path: query.size === 0 ? filled : `${filled}?${query}` };
  if (endpoint?.takes === 'form') return { ...target, body: formOf(path, values) };
  if (endpoint?.takes === 'bytes') return { ...target, body: 'x', type: 'application/octet-stream' };
  if (definition.body === undefined || method === 'get') return target;
  const body = JSON.stringify(foreignBody(definition.body, path, values));
  return { ...target, body, type: 'application/json' };
}

type Values = Readonly<Record<string, string>>;

/** What the names mean on this path: a `name` or an `id` is that of whatever stands before it. */
function valuesFor(path: string, { values }: ForeignWorld): Values {
  const last = /categories/.test(path) ? 'category_id' : ([...path.matchAll(/:(\w+_id)/g)].at(-1)?.[1] ?? '');
  const [, scope = ''] = /^\/(channel|team)s/.exec(path) ?? [];
  const named = path.includes('/preferences/')
    ? 'preference_name'
    : `${/channels\/name/.test(path) ? 'channel' : 'team'}_name`;
  serial += 1;
  const newName = `made-${serial}`;
  return {
    ...values,
    id: values[last] ?? NOTHING,
    name: values[named] ?? '',
    category: path.includes('/preferences') ? 'hidden' : (values['category_id'] ?? ''),
    new_name: newName,
    // Bots are accounts: their names are taken by those who have them.
    ...(path.startsWith('/bots') && { username: newName }),
    roles: `${scope || 'system'}_user`,
    locale: 'en',
    permission: 'create_post',
    timestamp: '1',
    dry_run: 'true',
    expires_at: '2035-01-01T00:00:00Z',
    duration: 'date_and_time',
  };
}

function parameter(name: string, values: Values): string {
  return values[name] ?? (name.endsWith('_id') ? NOTHING : 'unknown');
}

function formOf(path: string, values: Values): FormData {
  const form = new FormData();
  form.set('channel_id', parameter('channel_id', values));
  form.set('emoji', JSON.stringify({ name: values['new_name'], creator_id: values['user_id'] }));
  form.set(path === '/files' ? 'files' : 'image', new File([dot], 'dot.png', { type: 'image/png' }));
  return form;
}

function foreignBody(schema: z.ZodType, path: string, values: Values): unknown {
  const fill = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => fill(item, name.replace(/s$/, '')));
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fill(part, key)]));
    }
    if (typeof value === 'string') return values[name] ?? value;
    if (typeof value === 'number' && name === 'expires_at') return Date.now() + 86_400_000;
    // There are no guests.
    return name === 'scheme_guest' ? false : value;
  };
  return fill(sampleBody(schema).value, listed(path));
}

/** What a body that is a bare list of ids lists. */
function listed(path: string): string {
  if (path.includes('/posts/')) return 'post_id';
  return /channels\/(ids|stats|group_)|mark_read/.test(path) ? 'channel_id' : 'user_id';
}
