import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allSuites } from './suites.ts';
import { closingLine, sumTallies, type Tally } from './tally.ts';

// npm test [-- --only check|unit|database|mariadb|e2e|drill|mariadb-drill]: every check and test. The last line counts what the runners themselves reported.
const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const names = values.only?.flatMap((list) => list.split(',')) ?? allSuites.map(({ name }) => name);
const unknown = names.filter((name) => !allSuites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. There are: ${allSuites.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const print = (line: string): void => console.log(line);
const reportFolder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
const results: { readonly name: string; readonly tally: Tally; readonly seconds: number }[] = [];
for (const suite of allSuites.filter(({ name }) => names.includes(name))) {
  print(`\n--- ${suite.name}`);
  const start = performance.now();
  const tally = await suite.run({ root: join(import.meta.dirname, '..', '..'), reportFolder, print });
  results.push({ name: suite.name, tally, seconds: (performance.now() - start) / 1000 });
}
await rm(reportFolder, { recursive: true, force: true });

print('\n---');
for (const { name, tally, seconds } of results) {
  print(`${name.padEnd(13)} ${seconds.toFixed(0).padStart(5)} s  ${closingLine(tally)}`);
  for (const problem of tally.problems) print(`  ${problem}`);
}
const total = sumTallies(
  results.map(({ tally }) => tally),
  ['1', 'true'].includes(process.env['CI'] ?? ''),
);
for (const problem of total.problems) print(problem);
print(`\n${closingLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
