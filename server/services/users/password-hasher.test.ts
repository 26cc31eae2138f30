import { expect, test } from 'vitest';
import { AppError } from '../base/app-error.ts';
import { createPasswordHasher } from './password-hasher.ts';

test('a password fits its own hash only, which is argon2id with 19 MiB', async () => {
  const hasher = createPasswordHasher();
  const made = await hasher.hash('correct horse');
  expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hasher.verify(made, 'correct horse')).toBe(true);
  expect(await hasher.verify(made, 'correct horse ')).toBe(false);
  expect(await hasher.hash('correct horse')).not.toBe(made);
});

test('an account that does not exist is refused whatever the password', async () => {
  const hasher = createPasswordHasher();
  expect(await hasher.verify('', 'the password of an account that does not exist')).toBe(false);
});

test('a burst longer than the queue is refused in part, the rest is done', async () => {
  const hasher = createPasswordHasher({ concurrency: 1, queueMax: 2 });
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => hasher.hash('x')));
  expect(results.map((result) => result.status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ]);
  expect((results[4] as PromiseRejectedResult).reason).toBeInstanceOf(AppError);
  expect(await hasher.hash('x')).toContain('argon2id');
});
