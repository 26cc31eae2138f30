import type { z } from 'zod';
import { type Endpoint, type Endpoints, errorBody, queryParameters } from '../../../contract/index.ts';
import { keyOf, type RouteDefinition } from '../http/index.ts';
import { type JsonSchema, printSchemas, REF_BASE } from './schemas.ts';

/** An OpenAPI 3.1 document, as far as anybody here looks into it. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  /** Path -> method in lower case -> operation. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> } & Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

export interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly [more: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: true;
  readonly description?: string;
  readonly schema: JsonSchema;
}
type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

const JSON_TYPE = 'application/json';
const OK: JsonSchema = {
  type: 'object',
  properties: { status: { const: 'OK' } },
  required: ['status'],
  additionalProperties: false,
};
const REFUSAL = 'ErrorBody';

/**
 * The description of the API: what the contract says of each endpoint, and what the server's own route takes.
 *
 * @throws Error when a route is in no table of the contract, or an entry of it has no route.
 */
export function createDocument(
  routes: readonly RouteDefinition[],
  endpoints: Endpoints,
  version: string,
): OpenApiDocument {
  const ordered = routes.toSorted((a, b) =>
    a.path === b.path ? (a.method < b.method ? -1 : 1) : a.path < b.path ? -1 : 1,
  );
  refuseGaps(ordered.map(keyOf), Object.keys(endpoints));
  const answers = printSchemas(answerSchemas(endpoints), 'output');
  const bodies = printSchemas(bodySchemas(ordered), 'input');
  const paths: Record<string, Record<string, Operation>> = {};
  for (const definition of ordered) {
    const key = keyOf(definition);
    const path = key.slice(key.indexOf(' ') + 1);
    paths[path] ??= {};
    const schemas = { body: bodies.byKey.get(key), answer: answers.byKey.get(key) };
    paths[path][definition.method] = operationOf(definition, endpoints[key] as Endpoint, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version,
      description: "Mattermost's API v4 as far as Holdfast has it, and Holdfast's own endpoints for its databases.",
    },
    servers: [{ url: '/api/v4' }],
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: { ...answers.components, ...bodies.components },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'MMAUTHTOKEN' },
      },
    },
  };
}

function refuseGaps(routes: readonly string[], described: readonly string[]): void {
  const missing = routes.filter((key) => !described.includes(key));
  const idle = described.filter((key) => !routes.includes(key));
  if (missing.length === 0 && idle.length === 0) return;
  throw new Error(
    `contract/endpoints does not describe: ${missing.join(', ')}; describes without a route: ${idle.join(', ')}`,
  );
}

function answerSchemas(endpoints: Endpoints): Map<string, z.ZodType> {
  const schemas = new Map<string, z.ZodType>([['refusal', errorBody]]);
  for (const [key, { answer }] of Object.entries(endpoints)) {
    if (typeof answer === 'object') schemas.set(key, answer);
  }
  return schemas;
}

function bodySchemas(routes: readonly RouteDefinition[]): Map<string, z.ZodType> {
  return new Map(routes.flatMap((route) => (route.body === undefined ? [] : [[keyOf(route), route.body]])));
}

interface OperationSchemas {
  readonly body: JsonSchema | undefined;
  readonly answer: JsonSchema | undefined;
}

function operationOf(definition: RouteDefinition, endpoint: Endpoint, { body, answer }: OperationSchemas): Operation {
  const parameters = [...pathParameters(definition.path), ...queryOf(endpoint)];
  const sent = bodyOf(endpoint, body);
  return {
    summary: endpoint.summary,
    tags: [definition.path.split('/')[1] ?? ''],
    ...(endpoint.permissions.length === 0 ? {} : { description: `Asks for: ${endpoint.permissions.join(' or ')}.` }),
    ...(endpoint.permissions.length === 0 ? {} : { 'x-permissions': endpoint.permissions }),
    ...(definition.access === 'public' ? { security: [] } : {}),
    ...(definition.access === 'optional' ? { security: [{}, { bearer: [] }, { cookie: [] }] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(sent === undefined ? {} : { requestBody: { content: sent } }),
    responses: responsesOf(endpoint, definition.status ?? 200, answer),
  };
}

function pathParameters(path: string): Parameter[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...(name === 'user_id' ? { description: '`me` stands for the caller.' } : {}),
    schema: { type: 'string', ...(name.endsWith('_id') ? { pattern: '^[A-Za-z0-9-]+$' } : {}) },
  }));
}

function queryOf({ query = [] }: Endpoint): Parameter[] {
  return query.map((name) => ({
    name,
    in: 'query',
    description: queryParameters[name],
    schema: { type: 'string' },
  }));
}

function bodyOf({ takes }: Endpoint, body: JsonSchema | undefined): Content | undefined {
  const bytes = { 'application/octet-stream': { schema: {} } };
  if (takes === 'form') return { 'multipart/form-data': { schema: { type: 'object' } }, ...bytes };
  if (takes === 'bytes') return bytes;
  return body === undefined ? undefined : { [JSON_TYPE]: { schema: body } };
}

function responsesOf(
  { answer, takes }: Endpoint,
  status: number,
  schema: JsonSchema | undefined,
): Operation['responses'] {
  const refused = {
    default: { description: 'Refused.', content: { [JSON_TYPE]: { schema: { $ref: REF_BASE + REFUSAL } } } },
  };
  if (answer === 'refused') return refused;
  if (answer === 'bytes' || answer === 'picture') {
    const type = answer === 'picture' ? 'image/png' : 'application/octet-stream';
    const content = { [type]: { schema: {} } };
    const known = { 304: { description: 'The client has them already.' } };
    const part = answer === 'bytes' ? { 206: { description: 'The part that was asked for.', content } } : {};
    return { [status]: { description: 'The bytes.', content }, ...part, ...known, ...refused };
  }
  const unended = takes === 'bytes' ? { 204: { description: 'More bytes have to come.' } } : {};
  return {
    [status]: { description: 'Done.', content: { [JSON_TYPE]: { schema: schema ?? OK } } },
    ...unended,
    ...refused,
  };
}
