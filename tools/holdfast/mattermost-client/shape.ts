/** What a value must look like for a client that trusts the published type `T`; covariant in it. */
export interface Shape<out T> {
  /** What is wrong with the value, each with its place in the answer; empty when nothing is. */
  check(value: unknown, place: string): string[];
  /** Whether the field may be missing altogether. */
  readonly optional?: boolean;
  /** Never there: it binds the shape to the type. */
  readonly promised?: T;
}

type OptionalKey<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];
/** Every field of the type has to be listed, so a field that a new version of the types brings makes the compiler red. */
type Always<T> = { readonly [K in Exclude<keyof T, OptionalKey<T>>]: Shape<T[K]> };
type Sometimes<T> = { readonly [K in OptionalKey<T>]-?: Shape<Exclude<T[K], undefined>> };

const nameOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `${typeof value} ${JSON.stringify(value)}`.slice(0, 80);

function simple<T>(what: string, fits: (value: unknown) => boolean): Shape<T> {
  return { check: (value, place) => (fits(value) ? [] : [`${place}: ${what} was promised, it is ${nameOf(value)}`]) };
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = simple<string>('a text', (value) => typeof value === 'string');
export const int = simple<number>('a whole number', Number.isSafeInteger);
export const flag = simple<boolean>('true or false', (value) => typeof value === 'boolean');
/** Twenty-six letters or digits. */
export const id = simple<string>('an id', (value) => typeof value === 'string' && /^[a-z0-9]{26}$/.test(value));
/** JSON of any kind: the type says no more. */
export const anything = simple<never>('something', (value) => value !== undefined);

/** One of the texts of a union. */
export const oneOf = <const T extends string>(...texts: readonly T[]): Shape<T> =>
  simple(`one of ${JSON.stringify(texts)}`, (value) => texts.includes(value as T));

/** A list, empty at least: Go's clients and many loops in JavaScript end at a null. */
export function list<T>(item: Shape<T>): Shape<T[]> {
  return {
    check: (value, place) =>
      Array.isArray(value)
        ? value.flatMap((entry, index) => item.check(entry, `${place}[${index}]`))
        : [`${place}: a list was promised, it is ${nameOf(value)}`],
  };
}

/** An object used as a map from texts. */
export function mapOf<T>(item: Shape<T>): Shape<Record<string, T>> {
  return {
    check: (value, place) =>
      isMap(value)
        ? Object.entries(value).flatMap(([key, entry]) => item.check(entry, `${place}.${key}`))
        : [`${place}: a map was promised, it is ${nameOf(value)}`],
  };
}

/** An object with the fields of `T`, those first that it always has. Further fields are the server's own affair. */
export function object<T>(
  always: Always<T>,
  ...[sometimes]: keyof Sometimes<T> extends never ? [] : [Sometimes<T>]
): Shape<T> {
  const fields = [
    ...Object.entries<Shape<unknown>>(always).map(([key, shape]) => ({ key, shape, optional: shape.optional })),
    ...Object.entries<Shape<unknown>>(sometimes ?? {}).map(([key, shape]) => ({ key, shape, optional: true })),
  ];
  return {
    check(value, place) {
      if (!isMap(value)) return [`${place}: an object was promised, it is ${nameOf(value)}`];
      return fields.flatMap(({ key, shape, optional }) => {
        if (value[key] !== undefined) return shape.check(value[key], `${place}.${key}`);
        return optional === true ? [] : [`${place}.${key} is missing`];
      });
    },
  };
}

/** One of two: the problems told are those of the second. */
export function either<A, B>(one: Shape<A>, other: Shape<B>): Shape<A | B> {
  return { check: (value, place) => (one.check(value, place).length === 0 ? [] : other.check(value, place)) };
}

/** The type says that it is always there; Mattermost's own server leaves it out when it is empty, or not for this viewer. */
export const leftOut = <T>(shape: Shape<T>): Shape<T> => ({ ...shape, optional: true });

/** The type says that it is never null; Mattermost's own server sends null for "not set", and its clients live with that. */
export const orNull = <T>(shape: Shape<T>): Shape<T> => ({
  ...shape,
  check: (value, place) => (value === null ? [] : shape.check(value, place)),
});

/** The client keeps it in its own memory; no server sends it. */
export const neverSent: Shape<never> = {
  optional: true,
  check: (_value, place) => [`${place} is the client's own and must not be sent`],
};

/** Where the client's types say other than what Mattermost's server has always answered, as every use of it in the client shows. */
export const asServed = (shape: Shape<unknown>): Shape<never> => shape as Shape<never>;
