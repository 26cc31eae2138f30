import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Checker } from './checker.ts';
import { outputLines, runTool, type ToolRun } from './run-tool.ts';

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly comment?: string;
  readonly rule: { readonly name: string };
  readonly cycle?: readonly { readonly name: string }[];
}

interface Report {
  readonly summary: { readonly violations: readonly Violation[]; readonly totalCruised: number };
}

const SWC_REPAIR = join(import.meta.dirname, 'swc-for-cruiser.cjs');
const CRUISED = ['contract', 'server', 'webapp/src', 'tools', 'bench', 'e2e', 'bin'];

/** Who may import whom: the rules are in `.dependency-cruiser.cjs`, each with what to do instead. */
export const importRulesChecker: Checker = {
  name: 'import rules',
  async run(root) {
    const folders = CRUISED.filter((folder) => existsSync(join(root, folder)));
    const run = await runTool('depcruise', ['--config', '.dependency-cruiser.cjs', '-T', 'json', ...folders], root, {
      NODE_OPTIONS: `--require ${JSON.stringify(SWC_REPAIR)}`,
    });
    const report = readReport(run);
    if (report === undefined) return { findings: outputLines(run), checked: 0, unit: 'modules' };
    const { violations, totalCruised } = report.summary;
    return { findings: violations.map(describeViolation), checked: totalCruised, unit: 'modules' };
  },
};

function readReport(run: ToolRun): Report | undefined {
  try {
    return JSON.parse(run.stdout) as Report;
  } catch {
    return undefined;
  }
}

function describeViolation({ from, to, rule, comment, cycle }: Violation): string {
  const path = cycle === undefined ? to : cycle.map((step) => step.name).join(' -> ');
  return `${from} -> ${path} [${rule.name}]${comment === undefined ? '' : ` ${comment}`}`;
}
