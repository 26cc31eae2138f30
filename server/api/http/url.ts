import { limits } from '../../../contract/index.ts';
import { AppError } from '../../services/index.ts';

/** Mattermost's own test for ids in URLs: 26 letters or digits. */
const ID = /^[A-Za-z0-9]{26}$/;

/** The refusal of a bad parameter of the path or the query. */
export function invalidUrlParam(name: string): AppError {
  return new AppError('api.context.invalid_url_param.app_error', { params: { name } });
}

/** The refusal of a bad field that a schema cannot judge by itself. */
export function invalidBodyParam(name: string): AppError {
  return new AppError('api.context.invalid_body_param.app_error', { params: { name } });
}

/**
 * The path's parameters, checked: each `*_id` is an id, and `me` as `user_id` is the caller.
 *
 * @throws AppError 400 that names the parameter.
 */
export function checkedParams(
  params: Readonly<Record<string, string>>,
  userId: string | undefined,
): Readonly<Record<string, string>> {
  let resolved = params;
  for (const name in params) {
    const value = params[name] as string;
    if (name === 'user_id' && value === 'me' && userId !== undefined) resolved = { ...params, user_id: userId };
    else if (name.endsWith('_id') ? !ID.test(value) : value.includes('\0')) throw invalidUrlParam(name);
  }
  return resolved;
}

/** The part of the URL behind the question mark, parsed. */
export function queryOf(url: string): URLSearchParams {
  const mark = url.indexOf('?');
  if (mark < 0) return new URLSearchParams();
  const text = url.slice(mark + 1);
  // NUL is no character that a database takes.
  if (text.includes('%00')) throw invalidUrlParam('query');
  return new URLSearchParams(text);
}

export interface Page {
  /** From 0. */
  readonly page: number;
  readonly perPage: number;
  /** `page * perPage`: how many rows come before. */
  readonly offset: number;
}

/** `page` and `per_page` as Mattermost reads them: nonsense means the default (0 and 60), more than 200 means 200. */
export function pageOf(query: URLSearchParams, perPageName = 'per_page'): Page {
  const page = naturalOf(query.get('page')) ?? 0;
  const perPage = Math.min(naturalOf(query.get(perPageName)) ?? limits.perPageDefault, limits.perPageMax);
  return { page, perPage, offset: page * perPage };
}

/** The same as a store takes it: how many rows, and how many come before. */
export function limitsOf(query: URLSearchParams): { limit: number; offset: number } {
  const { perPage: limit, offset } = pageOf(query);
  return { limit, offset };
}

/** At most nine digits: whatever is multiplied by a page's length stays an exact number. */
function naturalOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** An id in the query, or `undefined` when it is absent or empty. */
export function idOf(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name);
  if (!value) return undefined;
  if (!ID.test(value)) throw invalidUrlParam(name);
  return value;
}

/** A natural number in the query (a time in milliseconds, a limit), or `undefined` when it is absent or empty. */
export function integerOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (!value) return undefined;
  const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw invalidUrlParam(name);
  return number;
}

/** A switch in the query: `true` or `1`. */
export function flagOf(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value === 'true' || value === '1';
}
