import { describe, expect, it } from 'vitest';
import { composeChecker } from './compose.ts';
import { docsLinksChecker } from './docs-links.ts';
import { expectGreen, expectRed } from './expect-verdict.ts';
import { measureFunctions } from './measure-functions.ts';
import { runChecks } from './run-checks.ts';
import { sizeBudgetChecker } from './size-budget.ts';
import { sourceRulesChecker } from './source-rules.ts';

const statements = (count: number): string => '  void 0;\n'.repeat(count);

describe('size budget', () => {
  it('is red one line beyond each wall, and for a fifth parameter', () =>
    expectRed(
      sizeBudgetChecker,
      {
        files: {
          'server/long.ts': `${'// line\n'.repeat(400)}export const last = 401;\n`,
          'server/long.test.ts': `${'// line\n'.repeat(600)}export const last = 601;\n`,
          'webapp/src/page.tsx': `export function Page() {\n${statements(59)}}\n`,
          'server/class.ts':
            'export class Wide {\n  take(a: 1, b: 2, c: 3, d: 4, e: 5) {\n    return [a, b, c, d, e];\n  }\n}\n',
        },
      },
      [
        /server\/long\.ts: 401 lines, at most 400/,
        /server\/long\.test\.ts: 601 lines, at most 600/,
        /page\.tsx:1: Page has 61 lines, at most 60/,
        /class\.ts:2: take takes 5 parameters/,
      ],
    ));

  it('is green at the walls', () =>
    expectGreen(sizeBudgetChecker, {
      files: {
        'server/long.ts': `${'// line\n'.repeat(399)}export const last = 400;\n`,
        'server/page.ts': `// é shifts bytes, not lines\nexport function page(this: void, a: 1, b: 2, c: 3, d: 4) {\n${statements(58)}}\n`,
        'server/store.contract.ts': `export function storeContract() {\n${statements(70)}}\n`,
        'server/posts.test.ts': `describe('posts', () => {\n${'  it("does", () => {});\n'.repeat(70)}});\n`,
      },
    }));

  it('names and places each kind of function', async () => {
    const text = [
      'const arrow = (a) => a;',
      'function declared(a, b) {}',
      'class Box { constructor(a) {} #hidden(b) {} get size() { return 1; } }',
      'const object = { method(a, b, c) {} };',
      "describe.each([1])('chapter', () => { it('test', (context) => {}); });",
    ].join('\n');
    const sizes = (await measureFunctions(text, false)).map(
      ({ name, line, parameters }) => `${name}:${line}:${parameters}`,
    );
    expect(sizes).toEqual([
      'arrow:1:1',
      'declared:2:2',
      'constructor:3:1',
      'hidden:3:1',
      'size:3:0',
      'method:4:3',
      'a function:5:1',
    ]);
  });
});

describe('source rules', () => {
  it('is red for a nameless file and for a silenced checker without a reason', () =>
    expectRed(
      sourceRulesChecker,
      {
        files: {
          'server/utils.ts': 'export const a = 1;\n',
          'server/b.ts':
            '// oxlint-disable-next-line no-console\nexport const b = 1;\n// @ts-expect-error\nexport const c: 1 = 2;\n',
        },
      },
      [/server\/utils\.ts: name the file/, /server\/b\.ts:1: /, /server\/b\.ts:3: /],
    ));

  it('is green when the reason stands there', () =>
    expectGreen(sourceRulesChecker, {
      files: {
        'server/b.ts':
          '// oxlint-disable-next-line no-console -- start-up prints before the logger is there\nexport const b = 1;\n',
      },
    }));
});

describe('docs links', () => {
  it('is red for a link that leads nowhere', () =>
    expectRed(docsLinksChecker, { files: { 'docs/a.md': 'See [b](b.md#part) and ![c](../c.png).\n' } }, [
      /docs\/a\.md.*b\.md/,
      /c\.png/,
    ]));

  it('is green for links that lead to files, for addresses outside and for code', () =>
    expectGreen(docsLinksChecker, {
      files: {
        'docs/a.md': '[b](b.md#part) [c](https://example.org) [d](#here)\n```\n[e](gone.md)\n```\n`[f](gone.md)`\n',
        'docs/b.md': '# B\n',
      },
    }));
});

describe('compose', { timeout: 60_000 }, () => {
  const service = 'image: postgres:17\n';

  it('is red for an unknown key', () =>
    expectRed(
      composeChecker,
      { files: { 'docker-compose.yml': `services:\n  db:\n    ${service}    colour: blue\n` } },
      [/additional properties|colour/],
    ));

  it('is red for names and files that are not there', () =>
    expectRed(
      composeChecker,
      {
        files: {
          'docker-compose.yml': `services:\n  db:\n    ${service}    depends_on: [cache]\n    volumes: ['store:/data', './missing.sh:/x.sh:ro']\n`,
        },
      },
      [
        /db depends on cache, which is no service/,
        /volume store, which is not declared/,
        /missing\.sh, which is missing/,
      ],
    ));

  it('is green for a sound file', () =>
    expectGreen(composeChecker, {
      files: {
        'docker-compose.yml': `services:\n  db:\n    ${service}    volumes: ['store:/data']\nvolumes:\n  store:\n`,
      },
    }));
});

describe('runChecks', () => {
  const outcome = { findings: [], checked: 1, unit: 'files' };

  it('counts a checker that throws, and one that saw nothing, as red', async () => {
    const checkers = [
      { name: 'good', run: () => Promise.resolve(outcome) },
      { name: 'blind', run: () => Promise.resolve({ ...outcome, checked: 0 }) },
      { name: 'broken', run: () => Promise.reject(new Error('cannot start')) },
    ];
    const verdicts = await runChecks(checkers, { root: '.', atOnce: 2, report: () => {} });
    expect(verdicts.map(({ name, passed, faults }) => [name, passed, faults[0]?.split('\n')[0]])).toEqual([
      ['good', true, undefined],
      ['blind', false, 'it saw no files: nothing was checked'],
      ['broken', false, 'Error: cannot start'],
    ]);
  });
});
