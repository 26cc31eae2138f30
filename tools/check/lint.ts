import type { Checker } from './checker.ts';
import { outputLines, runTool, type ToolRun } from './run-tool.ts';

interface Diagnostic {
  readonly message: string;
  readonly code?: string;
  readonly help?: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number; readonly column: number } }[];
}

interface Report {
  readonly diagnostics: readonly Diagnostic[];
  readonly number_of_files: number;
}

/** Mistakes that types allow: floating promises, cycles, `any`, console output. Rules and exceptions are in `.oxlintrc.json`. */
export const lintChecker: Checker = {
  name: 'lint',
  async run(root) {
    const run = await runTool('oxlint', ['--type-aware', '--format', 'json'], root);
    const report = readReport(run);
    if (report === undefined) return { findings: outputLines(run), checked: 0, unit: 'files' };
    const findings = report.diagnostics.map(describeDiagnostic);
    const silentFailure = run.code !== 0 && findings.length === 0 ? outputLines({ ...run, stdout: '' }) : [];
    return { findings: [...findings, ...silentFailure], checked: report.number_of_files, unit: 'files' };
  },
};

function readReport(run: ToolRun): Report | undefined {
  try {
    return JSON.parse(run.stdout) as Report;
  } catch {
    return undefined;
  }
}

function describeDiagnostic({ message, code, help, filename, labels }: Diagnostic): string {
  const span = labels[0]?.span;
  const place = span === undefined ? filename : `${filename}:${span.line}:${span.column}`;
  return [place, message, code === undefined ? '' : `[${code}]`, help ?? ''].filter((part) => part !== '').join(' ');
}
