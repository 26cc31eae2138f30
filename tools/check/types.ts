import { isAbsolute, join, relative } from 'node:path';
import type { Checker } from './checker.ts';
import { outputLines, runTool } from './run-tool.ts';

/** `tsc` over one project of the tree; `project` is the folder of its tsconfig.json. */
function createTypesChecker(name: string, project: string): Checker {
  return {
    name,
    async run(root) {
      const run = await runTool('tsc', ['-p', project, '--noEmit', '--listFiles'], root);
      const lines = outputLines(run);
      const ownFiles = lines.filter((line) => isOwnFile(root, line));
      const findings = run.code === 0 ? [] : lines.filter((line) => !isAbsolute(line));
      return { findings, checked: ownFiles.length, unit: 'files' };
    },
  };
}

function isOwnFile(root: string, line: string): boolean {
  if (!isAbsolute(line)) return false;
  const path = relative(root, line);
  return !path.startsWith('..') && !path.includes(join('node_modules', '/'));
}

/** Types of everything that runs in Node. */
export const typesChecker = createTypesChecker('types', '.');

/** Types of the webapp, which has the browser's globals and not Node's. */
export const webappTypesChecker = createTypesChecker('types webapp', 'webapp');
