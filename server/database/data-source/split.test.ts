import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DriverName, parseDataSource, parseDataSources, splitDataSources } from './index.ts';

describe('splitDataSources', () => {
  it.each([
    ['one URL', ['postgres://u:p@h/d']],
    ['several hosts in a URL', ['postgres://u:p@h1:1,h2:2,h3/d', 'postgres://u:p@h4/d']],
    ['commas in the password of a URL', ['postgres://u:a,b,,c@h/d', 'postgres://u:,@h2/d']],
    ['a password in a URL that looks like a data source', ['postgres://u:a,host=b@h/d', 'postgres://u@h2/d']],
    ['commas in options', ['postgres://u@h/d?options=-c%20a=b,c', 'postgres://u@h2/d']],
    ['libpq with several hosts', ['host=a,b port=1,2 dbname=d user=u', 'host=c dbname=d user=u']],
    ['libpq with quoted commas', ["host=a dbname=d user=u password='x,host=y, z'", 'user=u dbname=d host=c']],
    ['libpq with bare commas', ['host=a password=x,y,z dbname=d user=u', 'host=c dbname=d user=u']],
    ['libpq and URL', ['host=a dbname=d user=u', 'postgres://u@h/d', 'dbname=d user=u host=b']],
    ['libpq that lacks its user', ['host=a dbname=d', 'host=b dbname=d user=u']],
    ['MySQL character sets', ['u:p@tcp(a:1)/d?charset=utf8mb4,utf8', 'u:p@tcp(b:1)/d?charset=utf8mb4,utf8&loc=UTC']],
    ['commas in the password of the Go form', ['u:a,b,,c@tcp(a:1)/d', 'v:,@unix(/run/s)/d', 'w@tcp(c)/d']],
    ['MySQL URLs', ['mysql://u:p,q@h/d?charset=utf8mb4,utf8', 'mysql://u:p@h2/d']],
    ['a scheme before the Go form', ['mysql://u:p,q@tcp(h:1)/d', 'mysql://u:p@tcp(h2:1)/d']],
    ['two engines', ['postgres://u:p@h/d', 'u:p@tcp(b:1)/d']],
    ['nonsense first', ['nonsense', 'postgres://u:p@h/d']],
    ['an empty entry', ['postgres://u:p@h/d', '', 'postgres://u:p@h2/d', '']],
    ['nothing', ['']],
  ])('keeps apart %s', (_, entries) => {
    expect(splitDataSources(entries.join(','))).toEqual(entries);
    expect(splitDataSources(entries.join(' ,\n '))).toEqual(entries);
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const port = fc.integer({ min: 1, max: 65_535 });
const host = fc.oneof(word, fc.ipV4(), fc.constantFrom('pg-a.example.org', 'db_1'));
const v6 = fc.ipV6().filter((text) => !text.includes('.'));
// Rich in the characters that make trouble.
const password = fc.string({
  unit: fc.constantFrom(
    'a',
    'Z',
    '7',
    ',',
    '@',
    ':',
    '/',
    '?',
    '=',
    '&',
    ' ',
    "'",
    '\\',
    '%',
    '(',
    ')',
    '#',
    'ü',
    '漢',
    '.',
  ),
  minLength: 1,
  maxLength: 14,
});

interface Expected {
  readonly entry: string;
  readonly password: string;
  readonly host: string;
}

const encode = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27');
const url = (scheme: string, options: fc.Arbitrary<string>, hostCount: number): fc.Arbitrary<Expected> =>
  fc
    .record({
      hosts: fc.array(fc.tuple(fc.oneof(host, v6), fc.option(port)), { minLength: 1, maxLength: hostCount }),
      user: word,
      password,
      rawCommas: fc.boolean(),
      options,
    })
    .map((given) => {
      const secret = given.rawCommas ? encode(given.password).replaceAll('%2C', ',') : encode(given.password);
      const hosts = given.hosts.map(
        ([name, at]) => `${name.includes(':') ? `[${name}]` : name}${at === null ? '' : `:${at}`}`,
      );
      const entry = `${scheme}://${given.user}:${secret}@${hosts.join(',')}/chat${given.options}`;
      return { entry, password: given.password, host: given.hosts[0]?.[0] ?? '' };
    });

const postgresOptions = fc.constantFrom(
  '',
  '?sslmode=disable',
  '?connect_timeout=3&options=-c%20search_path=a,b',
  '?a=x,y',
);
const mysqlOptions = fc.constantFrom('', '?charset=utf8mb4,utf8', '?charset=utf8mb4,utf8&timeout=3s', '?tls=false');

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const libpq: fc.Arbitrary<Expected> = fc
  .record({
    hosts: fc.array(host, { minLength: 1, maxLength: 3 }),
    user: word,
    password,
    order: fc.integer({ min: 0, max: 3 }),
  })
  .map((given) => {
    const pairs = [
      `host=${given.hosts.join(',')}`,
      'dbname=chat',
      `user=${given.user}`,
      `password = ${quote(given.password)}`,
    ];
    const turned = [...pairs.slice(given.order), ...pairs.slice(0, given.order), 'sslmode=disable'];
    return { entry: turned.join(' '), password: given.password, host: given.hosts[0] ?? '' };
  });

const goMysql: fc.Arbitrary<Expected> = fc
  .record({ user: word, password, address: fc.oneof(host, v6), port, options: mysqlOptions })
  .map((given) => {
    const address = given.address.includes(':') ? `[${given.address}]` : given.address;
    const entry = `${given.user}:${given.password}@tcp(${address}:${given.port})/chat${given.options}`;
    return { entry, password: given.password, host: given.address };
  });

const lists: readonly [DriverName, fc.Arbitrary<Expected>][] = [
  ['postgres', fc.oneof(url('postgres', postgresOptions, 3), url('postgresql', postgresOptions, 3), libpq)],
  ['mysql', fc.oneof(url('mysql', mysqlOptions, 1), goMysql)],
];

describe.each(lists)('random lists for %s', (driver, entry) => {
  it('are split where they were joined, and parsed to what was put in', () => {
    const separator = fc.constantFrom(',', ', ', ' ,', ',\n  ');
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 9 }), separator, (expected, comma) => {
        const split = splitDataSources(expected.map((each) => each.entry).join(comma));
        expect(split).toEqual(expected.map((each) => each.entry));
        for (const [at, text] of split.entries()) {
          const parsed = parseDataSource(text, driver);
          if ('findings' in parsed)
            throw new Error(`${text}: ${parsed.findings.map((each) => each.message).join(' ')}`);
          expect(parsed.source.password.reveal()).toBe(expected[at]?.password);
          expect(parsed.source.hosts[0].host).toBe(expected[at]?.host);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('anything at all', () => {
  const piece = fc.constantFrom(
    ...[
      'postgres://',
      'mysql://',
      'u:p@tcp(',
      'unix(/s)/',
      'host=',
      'dbname=',
      'user=',
      'password=',
      'port=',
      'sslmode=',
    ],
    ...[
      ',',
      ' ',
      '@',
      ':',
      '/',
      '?',
      '&',
      '=',
      "'",
      '\\',
      '%',
      '%2',
      '(',
      ')',
      '[',
      ']',
      '#',
      '\0',
      '\u{1F600}',
      '\uD800',
      '99999',
    ],
  );
  const text = fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 24 }).map((each) => each.join(''));

  it('is parsed or refused with problems, never thrown', () => {
    fc.assert(
      fc.property(
        text,
        fc.array(text, { maxLength: 3 }),
        fc.constantFrom<DriverName>('postgres', 'mysql'),
        (one, more, driver) => {
          const result = parseDataSources({ driver, dataSource: one, replicas: more, searchReplicas: [] });
          if ('problems' in result) expect(result.problems.every((each) => each.message.length > 10)).toBe(true);
          else expect(result.sources.every(({ source }) => source.name.length > 3)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('keeps the password out of every problem', () => {
    // A word that no message can contain by chance, broken and unbroken by the characters that move borders.
    const secret = fc.tuple(
      fc.constantFrom('', '/', '?', '@', "'", ' ', ',', '%', '\\', ':'),
      fc.constant('Xq7Zsecret9'),
    );
    const frame = fc.constantFrom<(secret: string, noise: string) => string>(
      (pw, noise) => `postgres://u:${pw}${noise}@h/d`,
      (pw, noise) => `postgres://u:${noise}${pw}@h:x/`,
      (pw, noise) => `host=h dbname=d user=u ${noise} password=${pw}`,
      (pw, noise) => `password=${pw} ${noise}`,
      (pw, noise) => `u:${noise}${pw}@tcp(h:3306)/d`,
      (pw, noise) => `mysql://u:${pw}@h/${noise}`,
      (pw, noise) => `${noise}u:${pw}@h`,
    );
    fc.assert(
      fc.property(
        frame,
        secret,
        text,
        fc.constantFrom<DriverName>('postgres', 'mysql'),
        (write, [border, pw], noise, driver) => {
          const result = parseDataSources({
            driver,
            dataSource: write(border + pw, noise),
            replicas: ['x'],
            searchReplicas: [],
          });
          expect(JSON.stringify(result)).not.toContain('Xq7Zsecret9');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([',', 'a:,', "host='", 'u@tcp(', 'host=a,', 'a=b ,', ' , '])(
    'of the largest size is read in reasonable time: %j',
    (part) => {
      const text = part.repeat(Math.floor(16_384 / part.length));
      expect(splitDataSources(text).length).toBeGreaterThan(0);
    },
  );
});
