import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../contract/index.ts';
import { describeEngines } from '../../../server/database/testing/index.ts';
import { addressOf, type Fixture, makeFixture } from './every-route.ts';
import { Ground, type Person } from './ground.ts';
import { type ListedRoute, listedRoutes } from './listed-routes.ts';
import { looseValues } from './loose-values.ts';
import { type RawAnswer, rawCall } from './raw-http.ts';

const reads = listedRoutes.filter(({ method }) => method === 'GET');
const writes = listedRoutes.filter(({ method }) => method !== 'GET');
/** They answer with a picture, a file or a text. */
const BYTES = /\/(image|default|thumbnail|preview|public|download|support_packet)$|^\/files\/\{file_id\}$/;
/** Refused although the feature is there: what is asked for is not. */
const NOT_FOUND = ['/users/{user_id}/terms_of_service'];
/** They say by a bare tag what the client may have already. */
const TAGGED = /^\/users(\/(\{user_id\}|(username|email)\/[^/]+))?$|^\/channels\/\{channel_id\}\/posts$/;
/** What only Holdfast has, and by its own contract: no client of Mattermost reads it. */
const OWN = /^\/(openapi\.json|database|config\/(status|versions)|logs\/lines)/;

describeEngines('every answer', (engine) => {
  let ground: Ground;
  let ann: Person;
  let fixture: Fixture;
  const answers = new Map<string, RawAnswer>();

  beforeAll(async () => {
    ground = await Ground.start(engine);
    [ann] = (await ground.people('ann')) as [Person];
    fixture = await makeFixture(ground, ground.admin, ann);
    for (const route of reads)
      answers.set(route.path, await rawCall(ground.admin.client, 'GET', addressOf(route, fixture)));
  }, 120_000);
  afterAll(() => ground?.stop());

  it('is a success where the fixture has what is asked for', () => {
    const asExpected = ({ path, refused }: ListedRoute, status = 0) =>
      refused ? status === 501 || (status >= 400 && status < 500) : status === (NOT_FOUND.includes(path) ? 404 : 200);
    const others = reads
      .map((route) => ({ route, answer: answers.get(route.path) }))
      .filter(({ route, answer }) => !asExpected(route, answer?.status))
      .map(({ route, answer }) => `${answer?.status} ${route.path}: ${answer?.text.slice(0, 200)}`);
    expect(others).toEqual([]);
    expect(answers.size).toBeGreaterThan(85);
  });

  it('has the headers that clients look at', () => {
    for (const [path, { headers }] of answers) {
      expect(headers.get('x-request-id'), path).toMatch(/^[a-z0-9]{26}$/);
      expect(headers.get('x-version-id'), path).toMatch(/^\d+\.\d+\.\d+\.\S+\.false$/);
      if (BYTES.test(path)) continue;
      expect(headers.get('content-type'), path).toBe('application/json');
      expect(headers.get('expires'), path).toBe('0');
      expect(headers.get('cache-control'), path).toBeNull();
      const tag = headers.get('etag');
      if (!TAGGED.test(path)) expect(tag, path).toBeNull();
      // Compared as a text by clients: no quotes, no W/, and another one after an update of the server.
      else expect(tag?.startsWith(`${headers.get('x-version-id')}.`), `${path}: ${tag}`).toBe(true);
    }
  });

  it('has no null for a list, no number or flag as a text, and no flag as a number', () => {
    const loose = [...answers]
      .filter(([path, { status }]) => status === 200 && !BYTES.test(path) && !OWN.test(path))
      .flatMap(([path, { json }]) => looseValues(json, path));
    expect([...new Set(loose)]).toEqual([]);
  });

  it('that refuses is in the form of Mattermost’s', () => {
    const refused = [...answers].filter(([, { status }]) => status >= 400);
    for (const [path, { status, json }] of refused) expect(errorBody.parse(json).status_code, path).toBe(status);
    expect(refused.length).toBeGreaterThan(0);
  });

  describe('to “me”', () => {
    it('is the one to the own id, in every path', async () => {
      const own = reads.filter(({ path }) => path.includes('{user_id}') && !BYTES.test(path));
      expect(own.length).toBeGreaterThan(15);
      for (const route of own) {
        const { client } = ground.admin;
        const [byId, byName] = [
          await rawCall(client, 'GET', addressOf(route, fixture)),
          await rawCall(client, 'GET', addressOf(route, fixture, { user_id: 'me' })),
        ];
        expect(byName.status, route.path).toBe(byId.status);
        if (byId.status === 200) expect(byName.json, route.path).toEqual(byId.json);
      }
    });

    it('is none of an ill-formed path where something is written', async () => {
      const own = writes.filter(({ path }) => path.includes('{user_id}'));
      expect(own.length).toBeGreaterThan(15);
      for (const route of own) {
        // Some of these end the session or the account.
        const somebody = await ground.person('somebody');
        const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
          name === 'user_id' ? 'me' : name.endsWith('_id') ? 'z'.repeat(26) : (fixture.byName[name] ?? 'unknown'),
        );
        const { status, text } = await rawCall(somebody.client, route.method, path, { body: '{}' });
        expect(text, route.path).not.toContain('api.context.invalid_url_param.app_error');
        expect(status < 500 || status === 501, `${status} ${route.path}`).toBe(true);
      }
    });
  });
});
