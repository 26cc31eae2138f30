import { z } from 'zod';
import * as contract from '../../../contract/index.ts';

/** A JSON Schema of the dialect that OpenAPI 3.1 uses (2020-12), as far as anybody here looks into it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface NamedSchemas {
  /** By the key that was given. */
  readonly byKey: ReadonlyMap<string, JsonSchema>;
  /** The schemas of the contract that these point to, by the names that they have in the document. */
  readonly components: Readonly<Record<string, JsonSchema>>;
}

export const REF_BASE = '#/components/schemas/';

/** Schemas of the contract have a name; whatever else is asked for is written out where it is used. */
const named = new Map<z.ZodType, string>();
for (const [name, value] of Object.entries(contract)) {
  if (value instanceof z.ZodType && !named.has(value)) named.set(value, name.charAt(0).toUpperCase() + name.slice(1));
}

/**
 * Prints schemas as JSON Schema. `input`: what may be sent (a field with a default may be left out, unknown ones are passed
 * over); `output`: what is answered (everything is described, nothing else comes).
 */
export function printSchemas(schemas: ReadonlyMap<string, z.ZodType>, io: 'input' | 'output'): NamedSchemas {
  const nameOf = (name: string): string => (io === 'input' && !name.endsWith('Request') ? `${name}Input` : name);
  const registry = z.registry<{ id: string }>();
  for (const [schema, name] of named) registry.add(schema, { id: nameOf(name) });
  const ids = new Map<string, string>();
  for (const [key, schema] of schemas) {
    const name = named.get(schema);
    // A list that two endpoints share is written out twice: it has no name to be pointed at by.
    if (name === undefined) registry.add(schema.clone(), { id: key });
    ids.set(key, name === undefined ? key : nameOf(name));
  }
  const printed = z.toJSONSchema(registry, { uri: (id) => REF_BASE + id, io, unrepresentable: 'any' }).schemas;
  const byKey = new Map<string, JsonSchema>();
  for (const [key, id] of ids) {
    byKey.set(key, id === key ? plain(printed[id]) : { $ref: REF_BASE + id });
  }
  return { byKey, components: reachable(byKey.values(), (id) => plain(printed[id])) };
}

function plain(schema: unknown): JsonSchema {
  const { $schema: _dialect, $id: _id, ...rest } = schema as Record<string, unknown>;
  return rest;
}

function reachable(roots: Iterable<JsonSchema>, find: (id: string) => JsonSchema): Record<string, JsonSchema> {
  const found = new Map<string, JsonSchema>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const [key, value] of Object.entries(part)) {
      if (key !== '$ref' || typeof value !== 'string') {
        visit(value);
        continue;
      }
      const id = value.slice(REF_BASE.length);
      if (found.has(id)) continue;
      const schema = find(id);
      found.set(id, schema);
      visit(schema);
    }
  };
  for (const root of roots) visit(root);
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
