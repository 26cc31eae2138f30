import { join } from 'node:path';
import { allCheckers } from './all-checkers.ts';
import { faultLines, verdictLine } from './print-verdict.ts';
import { runChecks } from './run-checks.ts';

// npm run check [-- NAME ...]: all checkers, or those whose name begins with one of the given words. One that runs alone also shows its figures.
const wanted = process.argv.slice(2);
const chosen =
  wanted.length === 0 ? allCheckers : allCheckers.filter(({ name }) => wanted.some((word) => name.startsWith(word)));
if (chosen.length === 0) {
  console.error(
    `No checker is called ${wanted.join(', ')}. There are: ${allCheckers.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

const verdicts = await runChecks(chosen, {
  root: join(import.meta.dirname, '..', '..'),
  atOnce: 2,
  report: (verdict) => console.log(verdictLine(verdict)),
});

const red = verdicts.filter(({ passed }) => !passed);
for (const verdict of red) console.log(faultLines(verdict).join('\n'));
if (chosen.length === 1) console.log(verdicts.flatMap(({ notes }) => notes).join('\n'));
console.log(`\n${verdicts.length - red.length} passed, ${red.length} failed`);
process.exitCode = red.length === 0 ? 0 : 1;
