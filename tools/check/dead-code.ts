import type { Checker } from './checker.ts';
import { listSources } from './list-files.ts';
import { outputLines, runTool } from './run-tool.ts';

/** Files, exports and packages that nothing uses. Entry points are in `knip.json`. */
export const deadCodeChecker: Checker = {
  name: 'dead code',
  async run(root) {
    const [run, files] = await Promise.all([
      runTool('knip', ['--no-progress', '--reporter', 'compact', '--no-config-hints'], root),
      listSources(root),
    ]);
    return { findings: run.code === 0 ? [] : outputLines(run), checked: files.length, unit: 'files' };
  },
};
