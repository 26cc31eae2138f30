import { z } from 'zod';

/** The parts of JSON Schema that our request schemas come out as. */
interface Shape {
  /** Several for what may also be null: that comes last. */
  type?: string | string[];
  pattern?: string;
  format?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Shape[];
  allOf?: Shape[];
  items?: Shape;
  minItems?: number;
  properties?: Record<string, Shape>;
  minimum?: number;
}

/** A body that the schema takes, with nothing behind its ids; and the names of its fields. */
export function sampleBody(schema: z.ZodType): { value: unknown; fields: string[] } {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  const target = shape.type === 'array' ? shape.items : shape;
  return { value: sample(shape), fields: Object.keys(target?.properties ?? {}) };
}

let serial = 0;

function sample(shape: Shape): unknown {
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  const inner = shape.anyOf?.[0] ?? shape.allOf?.[0];
  if (inner !== undefined) return sample(inner);
  switch (Array.isArray(shape.type) ? shape.type[0] : shape.type) {
    case 'object':
      return Object.fromEntries(Object.entries(shape.properties ?? {}).map(([name, part]) => [name, sample(part)]));
    case 'array':
      return Array.from({ length: Math.max(shape.minItems ?? 0, 1) }, () => sample(shape.items ?? {}));
    case 'integer':
    case 'number':
      return Math.max(shape.minimum ?? 1, 1);
    case 'boolean':
      return true;
    case undefined:
    default:
      return sampleText(shape);
  }
}

function sampleText(shape: Shape): string {
  serial++;
  if (shape.pattern?.includes('{26}')) return 'z'.repeat(26);
  if (shape.format === 'email') return `bad.input.${serial}@example.com`;
  return `bad-input-${serial}`;
}
