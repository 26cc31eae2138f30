import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from './fault-excerpt.ts';
import { readEnvironment } from './environment.ts';
import { scanJson } from './json-scan.ts';
import { parseConfig } from './parse.ts';

/** The excerpt as the console draws it, the fault marked by `>` in front of its place. */
const excerpt = (text: string): readonly string[] => {
  const scanned = scanJson(text);
  if (!('fault' in scanned)) throw new Error('The text is JSON.');
  const { column, lines } = excerptOf(text, scanned.fault);
  return lines.map(({ number, text: words }) =>
    number === scanned.fault.line
      ? `${number}: ${words.slice(0, column - 1)}>${words.slice(column - 1)}`
      : `${number}: ${words}`,
  );
};

const SECRET = 'hunter2';

describe('the lines around a fault', () => {
  it('are shown with two on each side, and the fault in its place', () => {
    const text = `{
  "TeamSettings": { "MaxNotificationsPerChannel": 20 },
  "SqlSettings": {
    "DataSource": "postgres://u:${SECRET}@a/d",
    "MaxOpenConns": 8
    "ReadFromMaster": true,
    "Trace": False
  },
  "LogSettings": {}
}`;
    expect(excerpt(text)).toEqual([
      '4:     "DataSource": •••',
      '5:     "MaxOpenConns": 8',
      '6:     >"ReadFromMaster": true,',
      '7:     "Trace": False',
      '8:   },',
    ]);
  });

  it('begin and end with the text', () => {
    expect(excerpt('{\n')).toEqual(['1: {', '2: >']);
    expect(excerpt('{ "SqlSettings" }')).toEqual(['1: >•••']);
    expect(excerpt('{ "SqlSettings": { "QueryTimeout": 3O } }\r\n')).toEqual([
      '1: { "SqlSettings": { "QueryTimeout": 3>O } }',
      '2: ',
    ]);
  });
});

describe('nothing that could be a secret is shown', () => {
  it.each([
    [
      'an end that is missing',
      `{\n  "SqlSettings": {\n    "DataSource": "postgres://u:${SECRET}@`,
      '"DataSource": >•••',
    ],
    [
      'a quote in a password',
      `{ "SqlSettings": { "DataSource": "postgres://u:a"${SECRET}@h/d" } }`,
      '"DataSource": >•••',
    ],
    ['single quotes', `{ 'DataSource': 'postgres://u:${SECRET}@h/d' }`, '>•••'],
    ['no quotes', `{ "SqlSettings": { "DataSource": postgres://u:${SECRET}@h/d } }`, '"DataSource": >•••'],
    ['no colon', `{ "SqlSettings": { "DataSource" "postgres://u:${SECRET}@h/d" } }`, '"SqlSettings": >•••'],
    ['a name nobody knows', `{ "Password": "${SECRET}", }`, '>•••'],
    ['a name that is the secret', `{ "${SECRET}": 1, }`, '>•••'],
    ['a secret number', `{ "Pin": 271828, }`, '>•••'],
    ['a word for a number', `{ "SqlSettings": { "MaxOpenConns": ${SECRET} } }`, '"MaxOpenConns": >•••'],
    ['a comment', `{\n  // was postgres://u:${SECRET}@h/d\n}`, '>•••'],
    ['an encryption key', `{ "SqlSettings": { "AtRestEncryptKey": 271828, } }`, '"AtRestEncryptKey": >•••'],
    [
      'a list over several lines',
      `{ "SqlSettings": { "DataSource": "postgres://u:a@h/d,\n  postgres://u:${SECRET}@h/d" } }`,
      '',
    ],
    ['a password of brackets, after a line break', `{ "DataSource": "\n}]{,${SECRET}" }`, ''],
    [
      'what follows on the same line',
      `{ "SqlSettings": { "Trace": tru, "DataSource": "postgres://u:${SECRET}@h/d" } }`,
      '',
    ],
    ['a text that only looks like a setting', `{ "DataSource": "${SECRET}" "Trace": true, "${SECRET}" }`, ''],
  ])('%s', (_, text, shown) => {
    const lines = excerpt(text).join('\n');
    expect(lines).toContain(shown);
    expect(lines).not.toContain(SECRET);
    expect(lines).not.toContain('271828');
    expect(lines).not.toMatch(/[}\]{,]{3}/);
  });

  it('wherever a file with passwords is cut, or one character of it is changed', () => {
    const password = 'Zq7"],{x:1}Zq';
    const parts = ['Zq7', 'x:1', '}Zq'];
    const source = (host: string) => `postgres://ann:${encodeURIComponent(password)}@${host}/d?password=Zq7`;
    const good = JSON.stringify(
      {
        SqlSettings: {
          DataSource: [source('a'), source('b')].join(','),
          DataSourceReplicas: [source('c')],
          AtRestEncryptKey: password,
        },
      },
      null,
      2,
    ).replace(encodeURIComponent(password), password);
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.constantFrom('', '"', '\n', '{', '\\', ',', "'"),
        fc.boolean(),
        (at, added, cuts) => {
          const text = good.slice(0, at) + added + (cuts ? '' : good.slice(at + 1));
          const result = parseConfig(text, readEnvironment({}));
          const told = JSON.stringify(result, (key, value: unknown) => (key === 'parsed' ? undefined : value));
          for (const part of parts) expect(told).not.toContain(part);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('nor a line that fills the page', () => {
    const [line = ''] = excerpt(`${'['.repeat(60)}${' '.repeat(400)}x`);
    expect(line.length).toBeLessThan(130);
  });
});
