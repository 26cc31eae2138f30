import { readFileSync } from 'node:fs';
import type { OpenApiDocument } from '../../server/api/openapi/index.ts';
import { type CheckExchange, createExchangeCheck } from './check-exchange.ts';

/** Holds exchanges to the description that stands in the repository. */
export function keptCheck(): CheckExchange {
  const text = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
  return createExchangeCheck(JSON.parse(text) as OpenApiDocument);
}
