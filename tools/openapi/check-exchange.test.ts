import { describe, expect, it } from 'vitest';
import { describeRoutes } from '../../server/api/openapi/index.ts';
import { everyRoute } from '../../server/api/testing/every-route.ts';
import { createExchangeCheck, type Exchange } from './check-exchange.ts';

const check = createExchangeCheck(describeRoutes(everyRoute()));
const id = 'z'.repeat(26);
const exchange: Exchange = {
  method: 'GET',
  path: `/users/${id}/status`,
  query: new URLSearchParams(),
  status: 200,
  type: 'application/json',
  answer: { user_id: id, status: 'away', manual: true, last_activity_at: 1 },
};
const refusal = { id: 'x', message: '', detailed_error: '', request_id: id, status_code: 404 };
const withAnswer = (more: object) => check({ ...exchange, answer: { ...(exchange.answer as object), ...more } });

describe('what is as it is described', () => {
  it('passes', () => {
    expect(check(exchange)).toBeUndefined();
    expect(check({ ...exchange, status: 404, answer: refusal })).toBeUndefined();
    expect(check({ ...exchange, path: '/nowhere', status: 404, answer: refusal })).toBeUndefined();
  });

  it('prefers the fixed path to the parameter', () => {
    expect(check({ ...exchange, path: '/users/stats', answer: { total_users_count: 3 } })).toBeUndefined();
    expect(check({ ...exchange, path: '/users/stats' })).toContain('the answer');
  });

  it('may have no body, or bytes', () => {
    const bytes = { ...exchange, path: `/files/${id}`, type: 'text/plain', answer: undefined };
    for (const status of [200, 206, 304]) expect(check({ ...bytes, status })).toBeUndefined();
    const piece = { ...bytes, method: 'POST', path: `/uploads/${id}`, status: 204, type: '' };
    expect(check(piece)).toBeUndefined();
  });
});

describe('what is not', () => {
  it.each([
    ['a field that is not described', { surprise: 1 }],
    ['a number as text', { last_activity_at: '1' }],
    ['a boolean as a number', { manual: 1 }],
    ['null', { status: null }],
  ])('is found: %s', (_name, more) => {
    expect(withAnswer(more)).toContain('the answer');
    expect(withAnswer(more)).toContain(Object.keys(more)[0]);
  });

  it('is found: a field that is missing, another status, another type, another path', () => {
    expect(check({ ...exchange, answer: { user_id: id } })).toContain('the answer');
    expect(check({ ...exchange, status: 201 })).toBe('the status 201 is not described');
    expect(check({ ...exchange, type: 'application/json; charset=utf-8' })).toContain('content type');
    expect(check({ ...exchange, path: '/nowhere' })).toBe('is not described at all');
    expect(check({ ...exchange, status: 400, answer: { error: 'x' } })).toContain('the answer');
  });

  it('is found in requests that succeed, and may be anything in those that do not', () => {
    const put = { ...exchange, method: 'PUT', body: { user_id: id, status: 'gone' } };
    expect(check(put)).toContain('the request');
    expect(check({ ...put, body: { user_id: id, status: 'dnd', more: 1 } })).toBeUndefined();
    expect(check({ ...put, status: 400, answer: refusal })).toBeUndefined();
    expect(check({ ...exchange, query: new URLSearchParams('colour=red') })).toContain('colour');
  });
});
