import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenApiDocument, Operation } from '../../server/api/openapi/index.ts';

/** What all paths of the API begin with. */
export const apiPrefix = '/api/v4';

/** One request to `/api/v4` and its answer. */
export interface Exchange {
  readonly method: string;
  /** Below `/api/v4`, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Of the request, when it was JSON. */
  readonly body?: unknown;
  readonly status: number;
  /** Content type of the answer. */
  readonly type: string;
  /** Of the answer, when it was JSON. */
  readonly answer?: unknown;
}

/** Says what is wrong with an exchange by the document, or `undefined` when it is as described. */
export type CheckExchange = (exchange: Exchange) => string | undefined;

interface Described {
  readonly operation: Operation;
  readonly pattern: RegExp;
  /** JSON pointer to the operation. */
  readonly pointer: string;
}

const JSON_TYPE = 'application/json';
const DOCUMENT = 'openapi';
/** No content, or none that was not there before. */
const WITHOUT_BODY = new Set([204, 304]);

/**
 * Holds exchanges to the description of the API: every answer, and the body and query of every request that succeeded (what
 * is refused may be anything). Schemas are compiled when they are first needed.
 */
export function createExchangeCheck(document: OpenApiDocument): CheckExchange {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
  ajv.addSchema(document, DOCUMENT);
  const compiled = new Map<string, ValidateFunction>();
  const fault = (pointer: string, value: unknown): string | undefined => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `${DOCUMENT}#${pointer}` });
    compiled.set(pointer, validate);
    return validate(value) ? undefined : faultsOf(validate.errors ?? []);
  };
  const byMethod = describedOf(document);
  return (exchange) => {
    const succeeded = exchange.status < 400;
    const described = byMethod.get(exchange.method)?.find(({ pattern }) => pattern.test(exchange.path));
    if (described === undefined) return succeeded ? 'is not described at all' : undefined;
    const status = String(exchange.status) in described.operation.responses ? String(exchange.status) : 'default';
    if (succeeded && exchange.status !== 304 && status === 'default') {
      return `the status ${exchange.status} is not described`;
    }
    const found = succeeded ? requestFault(described, exchange, fault) : undefined;
    return found ?? answerFault(described, { ...exchange, described: status }, fault);
  };
}

/** The library's own text does not name the field that is too much. */
function faultsOf(errors: readonly ErrorObject[]): string {
  return errors
    .map(({ instancePath, message = '', params }) => {
      const extra: unknown = params['additionalProperty'];
      return `${instancePath} ${message}${typeof extra === 'string' ? ` (${extra})` : ''}`;
    })
    .join(', ');
}

type FindFault = (pointer: string, value: unknown) => string | undefined;

function requestFault({ operation, pointer }: Described, exchange: Exchange, find: FindFault): string | undefined {
  const known = new Set(operation.parameters?.filter((one) => one.in === 'query').map(({ name }) => name));
  const unknown = [...exchange.query.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) return `the query parameters ${unknown.join(', ')} are not described`;
  const schema = operation.requestBody?.content[JSON_TYPE];
  if (schema === undefined || exchange.body === undefined) return undefined;
  const found = find(`${pointer}/requestBody/content/application~1json/schema`, exchange.body);
  return found && `the request: ${found}`;
}

function answerFault(
  { operation, pointer }: Described,
  exchange: Exchange & { readonly described: string },
  find: FindFault,
): string | undefined {
  const content = operation.responses[exchange.described]?.content ?? {};
  if (WITHOUT_BODY.has(exchange.status) || exchange.type !== JSON_TYPE) {
    const isBytes = Object.keys(content).some((type) => type !== JSON_TYPE);
    return WITHOUT_BODY.has(exchange.status) || isBytes ? undefined : `the content type ${exchange.type}`;
  }
  if (content[JSON_TYPE] === undefined)
    return exchange.described === 'default' ? undefined : `the content type ${JSON_TYPE}`;
  const found = find(`${pointer}/responses/${exchange.described}/content/application~1json/schema`, exchange.answer);
  return found && `the answer: ${found}`;
}

/** By method; fixed segments of paths before parameters, as the server does. */
function describedOf(document: OpenApiDocument): Map<string, Described[]> {
  const byMethod = new Map<string, Described[]>();
  const paths = Object.keys(document.paths).toSorted((a, b) => compareSegments(a.split('/'), b.split('/')));
  for (const path of paths) {
    const pattern = new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`);
    for (const [method, operation] of Object.entries(document.paths[path] ?? {})) {
      const list = byMethod.get(method.toUpperCase()) ?? [];
      byMethod.set(method.toUpperCase(), list);
      list.push({
        operation,
        pattern,
        pointer: `/paths/${path.replaceAll('/', '~1').replace(/[{}]/g, encodeURIComponent)}/${method}`,
      });
    }
  }
  return byMethod;
}

function compareSegments(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = Number(a[i]?.startsWith('{')) - Number(b[i]?.startsWith('{'));
    if (difference !== 0) return difference;
  }
  return 0;
}
