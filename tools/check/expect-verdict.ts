import { expect } from 'vitest';
import { type Checker, faultsOf } from './checker.ts';
import { openSampleTree } from './sample-tree.ts';

interface Sample {
  readonly files: Readonly<Record<string, string>>;
  readonly configs?: readonly string[];
}

/** The checker must find exactly these faults (each a part of one finding), and so must not stay silent. */
export async function expectRed(checker: Checker, sample: Sample, faults: readonly RegExp[]): Promise<void> {
  const found = await faultsIn(checker, sample);
  expect(found.length, found.join('\n')).toBeGreaterThan(0);
  for (const fault of faults) expect(found.join('\n')).toMatch(fault);
}

/** The checker must have looked at the sample and found nothing. */
export async function expectGreen(checker: Checker, sample: Sample): Promise<void> {
  expect(await faultsIn(checker, sample)).toEqual([]);
}

async function faultsIn(checker: Checker, { files, configs }: Sample): Promise<readonly string[]> {
  await using tree = await openSampleTree(files, configs);
  return faultsOf(await checker.run(tree.root));
}
