import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endpoints, user } from '../../../contract/index.ts';
import { allPermissions } from '../../services/permissions/names.ts';
import { everyRoute } from '../testing/every-route.ts';
import { createDocument, describeApi, describeRoutes } from './index.ts';
import { readerPage } from './reader-page.ts';

const list = { method: 'get', path: '/things/:thing_id', access: 'session' } as const;

describe('the description', () => {
  it('refuses a route without an entry, and an entry without a route, by name', () => {
    const entry = { 'POST /things': { summary: 'Makes one.', permissions: [] } };
    expect(() => createDocument([list], entry, '1')).toThrow(/GET \/things\/\{thing_id\}.*POST \/things/);
  });

  it('points at schemas of the contract, and writes out those that have no name there', () => {
    const answer = z.object({ users: z.array(user), more: z.boolean() });
    const entry = { 'GET /things/{thing_id}': { summary: 'One.', permissions: ['view_team'], answer } };
    const { paths, components } = createDocument([list], entry, '1');
    const content = paths['/things/{thing_id}']?.['get']?.responses['200']?.content?.['application/json'];
    expect(content?.schema).toMatchObject({
      properties: { users: { items: { $ref: '#/components/schemas/User' } } },
      required: ['users', 'more'],
      additionalProperties: false,
    });
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(['User', 'Id', 'ErrorBody']));
  });

  it('lets a body leave out what has a default, and answer with nothing undescribed', () => {
    const { components } = describeRoutes(everyRoute());
    expect(components.schemas['CreatePostRequest']).toMatchObject({ required: ['channel_id'] });
    expect(components.schemas['Post']).toMatchObject({ additionalProperties: false });
  });

  it('leads nowhere that is not there', () => {
    const document = describeRoutes(everyRoute());
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name = '') => !(name in document.components.schemas))).toEqual([]);
  });

  it('asks for permissions that there are', () => {
    const known = new Set<string>(['self', ...allPermissions]);
    const asked = new Set(Object.values(endpoints).flatMap(({ permissions }) => permissions));
    const isKnown = (name: string) =>
      known.has(name) || (name.endsWith('*') && [...known].some((one) => one.startsWith(name.slice(0, -1))));
    expect([...asked].filter((name) => !isKnown(name))).toEqual([]);
  });
});

describe('the page', () => {
  const { page } = describeApi(everyRoute().filter(({ definition }) => definition.path !== '/openapi.json'));
  const server = createServer((request, response) => void page.handle(request, response));
  beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)));
  afterAll(() => new Promise((done) => server.close(done)));
  const ask = (method: string) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi`, { method });

  it('shows every operation and runs nothing', async () => {
    const answer = await ask('GET');
    const html = await answer.text();
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('<code>/channels/{channel_id}/posts</code>');
    expect(html).toContain('<a href="#schema-PostList">PostList</a>');
    expect(html.match(/<details><summary><b/g)).toHaveLength(Object.keys(endpoints).length);
    expect(html).not.toContain('<script');
  });

  it('answers HEAD without a body', async () => {
    const answer = await ask('HEAD');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('shows texts as texts', () => {
    const entry = { 'GET /things/{thing_id}': { summary: '<b>"&', permissions: [] } };
    expect(readerPage(createDocument([list], entry, '1'))).toContain('&lt;b&gt;&quot;&amp;');
  });
});
