/** A JSON object as read. Own properties only; a key `__proto__` is an ordinary one. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Is `value` an object and neither null nor a list? */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The own member `key`; undefined when there is none, and when it is null: null means "not set", as in Mattermost. */
export const memberOf = (value: unknown, key: PropertyKey): unknown => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<PropertyKey, unknown>>)[key] ?? undefined;
};

/** Are two JSON values the same, the order of members aside? */
export const sameValue = (a: unknown, b: unknown): boolean => {
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((each, at) => sameValue(each, b[at]));
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
};

/** Freezes a value and all that hangs on it. */
export const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
};

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);

/** A value as JSON, so that `"8"` and `8` look different; for problems. Not for secrets. */
export const showJson = (value: unknown): string => (value === undefined ? '' : shorten(JSON.stringify(value) ?? ''));

/** A value as people read it, texts without quotes; for comparisons. Not for secrets. */
export const showPlain = (value: unknown): string =>
  typeof value === 'string' && value !== '' ? shorten(value) : showJson(value);
