import { describe, it } from 'vitest';
import { deadCodeChecker } from './dead-code.ts';
import { expectGreen, expectRed } from './expect-verdict.ts';
import { formatChecker } from './format.ts';
import { typesChecker, webappTypesChecker } from './types.ts';

// The bought tools behind one-page wrappers: what is proved here is that our wrapper and our settings let their red through.
describe('format', { timeout: 60_000 }, () => {
  const configs = ['biome.json', '.gitignore'];

  it('is red for text laid out otherwise', () =>
    expectRed(formatChecker, { configs, files: { 'server/a.ts': 'export const a = "x"\n' } }, [
      /server\/a\.ts/,
      /npm run format/,
    ]));

  it('is green for formatted text', () =>
    expectGreen(formatChecker, { configs, files: { 'server/a.ts': "export const a = 'x';\n" } }));
});

describe('types', { timeout: 60_000 }, () => {
  const configs = ['tsconfig.json', 'webapp/tsconfig.json'];

  it('is red for an unchecked index', () =>
    expectRed(
      typesChecker,
      { configs, files: { 'server/a.ts': 'export const first = (list: string[]): string => list[0];\n' } },
      [/server\/a\.ts\(1,\d+\): error TS2322/],
    ));

  it('is red for a global of Node in the webapp', () =>
    expectRed(
      webappTypesChecker,
      { configs, files: { 'webapp/src/a.tsx': 'export const A = () => <b>{process.pid}</b>;\n' } },
      [/webapp\/src\/a\.tsx\(1,\d+\): error/],
    ));

  it('is green for sound code', () =>
    expectGreen(typesChecker, { configs, files: { 'server/a.ts': 'export const a = 1;\n' } }));

  it('is red when the tree holds no code', () =>
    expectRed(typesChecker, { configs, files: {} }, [/No inputs were found/]));
});

describe('dead code', { timeout: 60_000 }, () => {
  const configs = ['knip.json', 'tsconfig.json'];
  const main = "import { used } from './used.ts';\n\nused();\n";

  it('is red for a file and an export that nothing uses', () =>
    expectRed(
      deadCodeChecker,
      {
        configs,
        files: {
          'server/main.ts': main,
          'server/used.ts': 'export const used = (): number => 1;\nexport const spare = 2;\n',
          'server/orphan.ts': 'export const orphan = 3;\n',
        },
      },
      [/orphan\.ts/, /used\.ts.*spare|spare.*used\.ts/],
    ));

  it('is green when everything is used', () =>
    expectGreen(deadCodeChecker, {
      configs,
      files: { 'server/main.ts': main, 'server/used.ts': 'export const used = (): number => 1;\n' },
    }));
});
