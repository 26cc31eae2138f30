import type { Client4 } from '@mattermost/client';
import type { ClientResponse } from '@mattermost/types/client4';
import type { Shape } from './shape.ts';

/** Names of what the client sends and is answered. */
export type Method = {
  [M in keyof Client4]: Client4[M] extends (...args: never[]) => Promise<unknown> ? M : never;
}[keyof Client4];
type Answer<M extends Method> = Client4[M] extends (...args: never[]) => Promise<infer A> ? A : never;
/** The shape of what a call is answered with, bound to the type of its promise. */
export type Answers = { readonly [M in Method]?: Shape<Answer<M>> };

/** The answer together with its headers. */
export const withResponse = <T>(shape: Shape<T>): Shape<ClientResponse<T>> => ({
  check: (value, place) => shape.check((value as ClientResponse<unknown>).data, `${place}.data`),
});
