import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { migrations, schemaVersion } from './index.ts';

it('the steps are numbered from 1 without a gap and named after their files', () => {
  const files = readdirSync(new URL('./steps', import.meta.url)).filter((file) => !file.endsWith('.test.ts'));
  const expected = migrations.map((step) => `${String(step.version).padStart(4, '0')}-${step.name}.ts`);
  expect(files.sort()).toEqual(expected);
  expect(migrations.map((step) => step.version)).toEqual(migrations.map((_, index) => index + 1));
  expect(schemaVersion).toBe(migrations.length);
});
