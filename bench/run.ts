import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { allBenchmarks } from './all-benchmarks.ts';
import { describeRun, resultLine, writeRun } from './report.ts';
import type { BenchResult } from './result.ts';
import type { BenchContext } from './support/context.ts';

// npm run bench [-- NAME ...] [-- --quick] [-- --size ROWS]: prints ratios with their spread and keeps them in bench/results/.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, size: { type: 'string' } },
});
const chosen = allBenchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (chosen.length === 0) {
  console.error(`There is no such benchmark. There are: ${allBenchmarks.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const log = (line: string): void => console.log(line);
// An odd number: the median is a round that was measured.
const pace = values.quick ? { rounds: 3, roundMs: 1_000 } : { rounds: 7, roundMs: 3_000 };
const size = values.size === undefined ? {} : { size: Number(values.size) };
const context: BenchContext = { ...pace, ...size, log };
const root = join(import.meta.dirname, '..');
// What is measured is what is shipped.
if (chosen.some(({ needsServer }) => needsServer)) {
  execFileSync(process.execPath, [join('tools', 'build.mjs')], { cwd: root, stdio: 'inherit' });
}

const results: BenchResult[] = [];
let failed = 0;
for (const { name, run } of chosen) {
  log(`\n--- ${name}`);
  try {
    const own = await run(context);
    for (const result of own) log(`${resultLine(result)}\n    ${result.detail}`);
    results.push(...own);
  } catch (error) {
    failed++;
    console.error(`${name} could not be measured:`, error);
  }
}

if (results.length > 0) {
  const file = await writeRun(describeRun(results, values.quick), join(import.meta.dirname, 'results'));
  log(`\nWritten to ${relative(root, file)}`);
}
process.exitCode = failed === 0 ? 0 : 1;
