import type { Checker } from './checker.ts';
import { outputLines, runTool } from './run-tool.ts';

/** Layout of the text, by Biome's formatter (its linter is off). Repair with `npm run format`. */
export const formatChecker: Checker = {
  name: 'format',
  async run(root) {
    const run = await runTool('biome', ['format', '--max-diagnostics=20', '--colors=off', '.'], root);
    const checked = Number(/Checked (\d+) files?/.exec(run.stdout + run.stderr)?.[1] ?? 0);
    const findings = run.code === 0 ? [] : [...outputLines(run), 'Repair it with: npm run format'];
    return { findings, checked, unit: 'files' };
  },
};
