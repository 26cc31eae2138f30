import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type DataSource, describeDataSource, type DriverName, parseDataSource } from './index.ts';

const parsed = (entry: string, driver: DriverName = 'postgres'): DataSource => {
  const result = parseDataSource(entry, driver);
  if ('findings' in result) throw new Error(result.findings.map((each) => each.message).join(' '));
  return result.source;
};
const codes = (entry: string, driver: DriverName = 'postgres'): readonly string[] => {
  const result = parseDataSource(entry, driver);
  return 'findings' in result ? result.findings.map((each) => each.code) : [];
};

describe('postgres URL', () => {
  it('reads address, credentials and options', () => {
    const source = parsed('postgres://mm:s%2Cec@PG-A:6432/chat?sslmode=disable&connect_timeout=10&Application_Name=x');
    expect(source).toMatchObject({
      driver: 'postgres',
      hosts: [{ host: 'pg-a', port: 6432 }],
      database: 'chat',
      user: 'mm',
      tls: { mode: 'disable' },
      options: { connect_timeout: '10', application_name: 'x' },
      name: 'pg-a:6432/chat',
    });
    expect(source.password.reveal()).toBe('s,ec');
  });

  it.each([
    ['postgres://u@h/d', [{ host: 'h', port: 5432 }], 'h:5432/d'],
    ['postgresql://u@[::1]:5433/d', [{ host: '::1', port: 5433 }], '[::1]:5433/d'],
    [
      'postgres://u@h1:1,h2,[fe80::2]:3/d',
      [
        { host: 'h1', port: 1 },
        { host: 'h2', port: 5432 },
        { host: 'fe80::2', port: 3 },
      ],
      'h1:1/d',
    ],
    ['postgres://u@%2Frun%2FPostgreSQL:5433/d', [{ host: '/run/PostgreSQL', port: 5433 }], '/run/PostgreSQL:5433/d'],
    ['postgres:///d?host=/run/pg&user=u', [{ host: '/run/pg', port: 5432 }], '/run/pg:5432/d'],
    [
      'postgres:///?host=a,b&port=1,2&user=u&dbname=d',
      [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      'a:1/d',
    ],
    ['postgres://u@h/d?port=7', [{ host: 'h', port: 7 }], 'h:7/d'],
  ])('reads the hosts of %s', (entry, hosts, name) => {
    expect(parsed(entry)).toMatchObject({ hosts, name });
  });

  it('takes a raw @ and : in a password, as people write them', () => {
    expect(parsed('postgres://u:p@s:s@h/d').password.reveal()).toBe('p@s:s');
  });

  it.each([
    ['postgres://u:p/w@h/d', 'unparsable'],
    ['postgres://u:p?w@h/d', 'unparsable'],
    ['postgres://u:%zz@h/d', 'bad-encoding'],
    ['postgres://u:%00@h/d', 'bad-encoding'],
    ['postgres://u:p@h:0/d', 'bad-port'],
    ['postgres://u:p@h:65536/d', 'bad-port'],
    ['postgres://u:p@h:5432x/d', 'bad-port'],
    ['postgres://u:p@::1/d', 'bad-host'],
    ['postgres://u:p@h h/d', 'bad-host'],
    ['postgres://u:p@h1,,h2/d', 'no-host'],
    ['postgres://u:p@/d', 'no-host'],
    ['postgres://u:p@h', 'no-database'],
    ['postgres://u:p@h/', 'no-database'],
    ['postgres://u:p@h/d,h2:5432/d', 'bad-database'],
    ['postgres://:p@h/d', 'no-user'],
    ['postgres://h/d', 'no-user'],
    ['postgres://u@h/d?sslmode=sometimes', 'bad-tls'],
    ['postgres://u@h/d?ssl=perhaps', 'bad-tls'],
    ['postgres://u@h/d?connect_timeout=soon', 'bad-option'],
    ['postgres://u@h/d?sslpassword=abc', 'bad-option'],
    ['postgres://u@h/d?novalue', 'bad-option'],
    ['mysql://u@h/d', 'wrong-driver'],
    ['u:p@tcp(h:3306)/d', 'wrong-driver'],
    ['oracle://u@h/d', 'unknown-form'],
    ['pg-a:5432/chat', 'unknown-form'],
    ['  ', 'empty'],
  ])('refuses %s as %s', (entry, code) => {
    expect(codes(entry)).toEqual([code]);
  });

  it('refuses an entry of a size that no data source has', () => {
    expect(codes(`postgres://u@h/${'d'.repeat(20_000)}`)).toEqual(['too-long']);
  });

  it('says all that is wrong with one entry at once', () => {
    expect(codes('postgres://:p@h:99999/?sslmode=x&connect_timeout=y')).toEqual([
      'bad-port',
      'no-database',
      'no-user',
      'bad-option',
      'bad-tls',
    ]);
  });
});

describe('libpq form', () => {
  it('reads quotes, backslashes and spaces around =', () => {
    const source = parsed(
      String.raw`host = pg-a port=6432 dbname='my \'chat\'' user=mm password='a, b=\\c' sslmode=require`,
    );
    expect(source).toMatchObject({ name: "pg-a:6432/my 'chat'", user: 'mm', tls: { mode: 'require' } });
    expect(source.password.reveal()).toBe('a, b=\\c');
  });

  it.each([
    [
      'host=a,b port=1,2 dbname=d user=u',
      [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    ],
    [
      'host=a,b port=7 dbname=d user=u',
      [
        { host: 'a', port: 7 },
        { host: 'b', port: 7 },
      ],
    ],
    ['hostaddr=::1 dbname=d user=u', [{ host: '::1', port: 5432 }]],
    ["host='' host=h dbname=d user=u", [{ host: 'h', port: 5432 }]],
  ])('reads the hosts of %s', (entry, hosts) => {
    expect(parsed(entry).hosts).toEqual(hosts);
  });

  it('reads the certificate files', () => {
    const text = 'host=h dbname=d user=u sslmode=verify-full sslrootcert=/ca.pem sslcert=/c.pem sslkey=/k.pem';
    expect(parsed(text)).toMatchObject({
      tls: { mode: 'verify-full', rootCertificate: '/ca.pem', certificate: '/c.pem', key: '/k.pem' },
      options: {},
    });
  });

  it.each([
    ["host=h dbname=d user=u password='open", 'unparsable'],
    ["host=h dbname=d user=u password='a'b", 'unparsable'],
    ['host=h dbname=d user=u password=my secret', 'unparsable'],
    ['host=a,b port=1,2,3 dbname=d user=u', 'bad-port'],
    ['dbname=d user=u', 'no-host'],
    ['host=h user=u', 'no-database'],
    ['host=h dbname=d', 'no-user'],
  ])('refuses %s as %s', (entry, code) => {
    expect(codes(entry)).toEqual([code]);
  });
});

describe('MySQL forms', () => {
  it('reads a URL', () => {
    const source = parsed(
      'mysql://mm:s%40c@db:3307/chat?charset=utf8mb4,utf8&ssl-mode=VERIFY_CA&ssl-ca=/ca.pem',
      'mysql',
    );
    expect(source).toMatchObject({
      driver: 'mysql',
      name: 'db:3307/chat',
      options: { charset: 'utf8mb4,utf8' },
      tls: { mode: 'verify-ca', rootCertificate: '/ca.pem' },
    });
    expect(source.password.reveal()).toBe('s@c');
  });

  it.each([
    ['mm:pw@tcp(db:3307)/chat?charset=utf8mb4,utf8', 'db:3307/chat', 'pw', 'disable'],
    ['mysql://mm:pw@tcp(db)/chat?tls=true', 'db:3306/chat', 'pw', 'verify-full'],
    ['mm:a@b:c/d,e?f@tcp([::1]:3307)/chat?tls=skip-verify', '[::1]:3307/chat', 'a@b:c/d,e?f', 'require'],
    ['mm@unix(/run/mysqld.sock)/chat', '/run/mysqld.sock/chat', '', 'disable'],
  ])('reads the form of Go: %s', (entry, name, password, mode) => {
    const source = parsed(entry, 'mysql');
    expect(source).toMatchObject({ name, user: 'mm', tls: { mode } });
    expect(source.password.reveal()).toBe(password);
  });

  it.each([
    ['mysql://u@h1,h2/d', 'bad-host'],
    ['u:p@tcp(h:x)/d', 'bad-port'],
    ['u:p@tcp(h)/', 'no-database'],
    ['u:p@tcp()/d', 'no-host'],
    ['@tcp(h)/d', 'no-user'],
    ['u:p@tcp(h)/d?tls=custom', 'bad-tls'],
    ['u:p@tcp(h)/d?charset', 'bad-option'],
    ['u:p@tcp(h', 'no-database'],
    ['postgres://u@h/d', 'wrong-driver'],
  ])('refuses %s as %s', (entry, code) => {
    expect(codes(entry, 'mysql')).toEqual([code]);
  });
});

describe('a parsed data source', () => {
  const entry = 'postgres://mm:hunter2-secret@h/d?sslmode=disable';

  it('shows its secret in no way', () => {
    const source = parsed(entry);
    const shown = [
      JSON.stringify(source),
      inspect(source, { depth: 9, showHidden: true }),
      `${source.password}`,
      describeDataSource(source),
      Object.values(source.password).join(''),
    ].join('\n');
    expect(shown).not.toContain('hunter2');
    expect(describeDataSource(source)).toBe('postgres://mm:••••@h:5432/d');
  });

  it('has a fingerprint that changes with everything in it and with nothing else', () => {
    const reference = parsed(entry).fingerprint;
    expect(parsed('host=H port=5432 user=mm sslmode=disable dbname=d password=hunter2-secret').fingerprint).toBe(
      reference,
    );
    const others = [
      'postgres://mm:hunter3-secret@h/d?sslmode=disable',
      'postgres://mm:hunter2-secret@h/e?sslmode=disable',
      'postgres://mn:hunter2-secret@h/d?sslmode=disable',
      'postgres://mm:hunter2-secret@h:5433/d?sslmode=disable',
      'postgres://mm:hunter2-secret@h,i/d?sslmode=disable',
      'postgres://mm:hunter2-secret@h/d?sslmode=require',
      'postgres://mm:hunter2-secret@h/d?sslmode=disable&connect_timeout=3',
    ].map((each) => parsed(each).fingerprint);
    expect(new Set([reference, ...others]).size).toBe(others.length + 1);
  });

  it('cannot be changed', () => {
    const source = parsed(entry);
    expect(
      [source, source.hosts, source.hosts[0], source.tls, source.options, source.password].every(Object.isFrozen),
    ).toBe(true);
  });
});
