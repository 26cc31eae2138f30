import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checker } from './checker.ts';
import { listSources } from './list-files.ts';
import { type FunctionSize, measureFunctions, UNNAMED } from './measure-functions.ts';

const FILE_LINES = 400;
const TEST_FILE_LINES = 600;
const FUNCTION_LINES = 60;
/** A story in a browser reads best from top to bottom (docs/adr/0002). */
const STORY_LINES = 90;
const STORY_FILE = /\.spec\.ts$/;
const PARAMETERS = 4;
const TEST_FILE = /(?:\.test|\.contract|\.spec)\.tsx?$/;
const WORST_SHOWN = 10;

interface FileSize {
  readonly file: string;
  readonly lines: number;
  readonly functions: readonly FunctionSize[];
}

/** Walls, not goals: a file of at most 400 lines (tests 600), a function of at most 60 (a browser story 90), four parameters. */
export const sizeBudgetChecker: Checker = {
  name: 'size budget',
  async run(root) {
    const files = await listSources(root);
    const sizes = await Promise.all(files.map((file) => measureFile(root, file)));
    return { findings: sizes.flatMap(overBudget), checked: files.length, unit: 'files', notes: worstOf(sizes) };
  },
};

async function measureFile(root: string, file: string): Promise<FileSize> {
  const text = await readFile(join(root, file), 'utf8');
  const functions = await measureFunctions(text, /\.[jt]sx$/.test(file));
  return { file, lines: text.replace(/\n$/, '').split('\n').length, functions };
}

function overBudget({ file, lines, functions }: FileSize): string[] {
  const isTest = TEST_FILE.test(file);
  const wall = isTest ? TEST_FILE_LINES : FILE_LINES;
  const functionWall = STORY_FILE.test(file) ? STORY_LINES : FUNCTION_LINES;
  const findings = lines > wall ? [`${file}: ${lines} lines, at most ${wall}: split it by idea`] : [];
  for (const { name, line, ...size } of functions) {
    const place = `${file}:${line}: ${name}`;
    if (size.lines > functionWall && !isContract(file, name))
      findings.push(`${place} has ${size.lines} lines, at most ${functionWall}`);
    // A row of a test's table becomes the test's parameters.
    const isTableRow = isTest && name === UNNAMED;
    if (size.parameters > PARAMETERS && !isTableRow)
      findings.push(`${place} takes ${size.parameters} parameters, at most ${PARAMETERS}: pass an object`);
  }
  return findings;
}

/** A contract suite is a chapter of tests in the form of a function: what it holds is measured. */
function isContract(file: string, name: string): boolean {
  return file.endsWith('.contract.ts') && name.endsWith('Contract');
}

function worstOf(sizes: readonly FileSize[]): string[] {
  const byLines = (a: { lines: number }, b: { lines: number }): number => b.lines - a.lines;
  const functions = sizes.flatMap(({ file, functions: own }) => own.map((size) => ({ file, ...size }))).sort(byLines);
  const median = functions[Math.floor(functions.length / 2)]?.lines ?? 0;
  return [
    `${functions.length} functions, median ${median} lines`,
    ...functions
      .slice(0, WORST_SHOWN)
      .map(({ file, line, name, lines }) => `${String(lines).padStart(4)} lines  ${file}:${line} ${name}`),
    ...sizes
      .toSorted(byLines)
      .slice(0, WORST_SHOWN)
      .map(({ file, lines }) => `${String(lines).padStart(4)} lines  ${file}`),
  ];
}
