import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Environment, readEnvironment } from './environment.ts';
import { type ParsedConfig, parseConfig } from './parse.ts';
import { formatProblem } from './problem.ts';
import { defaultConfig } from './schema.ts';
import { maskConfig } from './secrets.ts';

const GOOD = { SqlSettings: { DataSource: 'postgres://u:top-secret@a/d' } };
const read = (document: unknown, env: Environment = {}) =>
  parseConfig(typeof document === 'string' ? document : JSON.stringify(document), readEnvironment(env));
const parsed = (document: unknown, env: Environment = {}): ParsedConfig => {
  const result = read(document, env);
  if ('problems' in result) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.parsed;
};
const problems = (document: unknown, env: Environment = {}): readonly string[] => {
  const result = read(document, env);
  return ('problems' in result ? result.problems : result.parsed.warnings).map(
    (each) => `${each.severity}: ${formatProblem(each)}`,
  );
};

const root = new URL('../../config/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, root), 'utf8');

describe('config/default.json', () => {
  it('holds every setting with its default', () => {
    expect(JSON.parse(text('default.json'))).toEqual(defaultConfig());
  });

  it('lacks nothing but the data source', () => {
    expect(problems(text('default.json'))).toEqual([
      expect.stringMatching(/^error: SqlSettings\.DataSource\[0\] \(line \d+, column 19\): No data source is given/),
    ]);
  });
});

describe('config/examples', () => {
  const names = readdirSync(new URL('examples/', root)).filter((name) => name.endsWith('.json'));

  it.each(names)('%s can be used', (name) => {
    expect(parsed(text(`examples/${name}`)).database.sources[0].role).toBe('master');
  });

  it('show the forms of the list', () => {
    expect(names).toEqual(['mattermost-style.json', 'one-master.json', 'with-replicas.json']);
    const listed = parsed(text('examples/with-replicas.json'));
    expect(listed.database.sources.map(({ role, source }) => `${role} ${source.name}`)).toEqual([
      'master pg-a.internal:5432/holdfast',
      'replica pg-b.internal:5432/holdfast',
      'replica pg-c.internal:5432/holdfast',
      'search-replica pg-s.internal:5432/holdfast',
    ]);
    expect(listed.warnings).toEqual([]);
  });

  it('of Mattermost keep what this server does not know, with a warning', () => {
    const { warnings, document, database } = parsed(text('examples/mattermost-style.json'));
    expect(database.sources).toHaveLength(3);
    expect(warnings.map(({ path }) => path)).toEqual([
      'EmailSettings',
      'ServiceSettings.ConnectionSecurity',
      'TeamSettings.MaxUsersPerTeam',
      'LogSettings.EnableFile',
    ]);
    expect(document['EmailSettings']).toEqual({ EnableSignUpWithEmail: true });
  });
});

describe('parseConfig', () => {
  it('fills in defaults and takes null for "not set"', () => {
    const { config } = parsed({ ...GOOD, TeamSettings: { SiteName: null }, LogSettings: null });
    expect(config).toEqual({
      ...defaultConfig(),
      SqlSettings: { ...defaultConfig().SqlSettings, ...GOOD.SqlSettings },
    });
    expect(Object.isFrozen(config.SqlSettings.DataSourceReplicas)).toBe(true);
  });

  it('reports all problems at once: path, value, line and what to do', () => {
    const file = `{
  "ServiceSettings": { "ListenAddress": "8065", "SiteURL": "chat.example.org", "MaximumLoginAttempts": "10" },
  "TeamSettings": [],
  "SqlSettings": {
    "DataSource": "postgres://u:top-secret@a/d,postgres://u:top-secret@b:0/d",
    "MaxOpenConns": "8",
    "datasourcereplicas": []
  },
  "LogSettings": { "ConsoleLevel": "LOUD" },
  "Nonsense": 1
}`;
    expect(problems(file)).toEqual([
      'error: TeamSettings = [] (line 3, column 19): A section must be an object: { "Name": value, ... }.',
      'error: ServiceSettings.SiteURL = "chat.example.org" (line 2, column 60): Must be empty or a URL that begins with http:// or https://.',
      'error: ServiceSettings.ListenAddress = "8065" (line 2, column 41): Must be host:port, as in "127.0.0.1:8065"; ":8065" listens on all interfaces.',
      'error: ServiceSettings.MaximumLoginAttempts = "10" (line 2, column 104): Must be a whole number from 1 to 1000, without quotes.',
      'error: LogSettings.ConsoleLevel = "LOUD" (line 9, column 36): Must be one of "DEBUG", "INFO", "WARN", "ERROR".',
      'error: SqlSettings.MaxOpenConns = "8" (line 6, column 21): Must be a whole number from 1 to 10000, without quotes.',
      'error: SqlSettings.DataSource[1] = •••• (line 5, column 19): A port is not a whole number from 1 to 65535.',
      'warning: Nonsense (line 10, column 15): This server knows no such name. It is kept and has no effect.',
      'warning: SqlSettings.datasourcereplicas (line 7, column 27): This server knows no such name. It has no effect. Did you mean DataSourceReplicas?',
    ]);
  });

  it.each([
    ['nothing', '', 'error: The file is empty. Begin with {} or config/examples/one-master.json.'],
    [
      'half of a file',
      '{\n  "SqlSettings": {',
      'error: line 2, column 19: The text ends too early: it is half-written, or a closing bracket is missing.',
    ],
    ['a list', '[]', 'error: line 1, column 1: The file must hold one JSON object: { "SqlSettings": { ... } }.'],
  ])('refuses %s', (_, file, expected) => {
    expect(problems(file)).toEqual([expected]);
  });

  it.each([
    [
      { AutomaticPromotion: true, FollowPromotion: false },
      /AutomaticPromotion \(line 1, .*no effect while FollowPromotion/,
    ],
    [{ AutomaticPromotion: true, PatroniUrls: ['http://a:8008'] }, /AutomaticPromotion .*no effect beside PatroniUrls/],
  ])('warns of a setting that another one makes void: %j', (sql, expected) => {
    expect(problems({ SqlSettings: { ...GOOD.SqlSettings, ...sql } })).toEqual([expect.stringMatching(expected)]);
    expect(problems({ SqlSettings: { ...GOOD.SqlSettings, AutomaticPromotion: true } })).toEqual([]);
  });

  it('refuses a name that stands twice, for the reader sees the other value', () => {
    expect(
      problems('{ "SqlSettings": { "DataSource": "postgres://u@a/d", "DataSource": "postgres://u@b/d" } }'),
    ).toEqual([
      'error: SqlSettings.DataSource (line 1, column 54): This name stands twice; only one of the two can count. Remove one.',
    ]);
  });

  it('shows no secret, wherever it was put', () => {
    const misplaced = {
      SqlSettings: {
        DataSource: 'top-secret',
        DataSorce: 'postgres://u:top-secret@a/d',
        DataSourceReplicas: { x: 'top-secret' },
        ReplicaLagSettings: [{ DataSource: ['top-secret'] }],
        AtRestEncryptKey: { k: 'top-secret' },
      },
      FileSettings: { PublicLinkSalt: 'top-secret' },
    };
    const env = { MM_SQLSETTINGS_DATASOURCESEARCHREPLICAS: '["top-secret', MM_SQLSETTINGS_MAXOPENCONNS: 'x' };
    const found = problems(misplaced, env);
    expect(found.length).toBeGreaterThanOrEqual(7);
    expect([...found, ...problems({ SqlSettings: 'top-secret' })].join('\n')).not.toContain('top-secret');
  });

  it('masks a configuration for the console', () => {
    const { config, database } = parsed({
      SqlSettings: {
        DataSource: 'postgres://u:top-secret@a/d,host=b dbname=d user=u password=top-secret',
        DataSourceReplicas: ['postgres://u:top-secret@c/d'],
        AtRestEncryptKey: 'top-secret',
        ReplicaLagSettings: [{ DataSource: 'top-secret' }],
      },
      FileSettings: { PublicLinkSalt: 'top-secret'.repeat(4) },
    });
    const masked = maskConfig(config, database);
    expect(JSON.stringify(masked)).not.toContain('top-secret');
    expect(masked.SqlSettings).toMatchObject({
      DataSource: 'postgres://u:••••@a:5432/d,postgres://u:••••@b:5432/d',
      DataSourceReplicas: ['postgres://u:••••@c:5432/d'],
      AtRestEncryptKey: '••••',
    });
  });
});

describe('the environment', () => {
  it('overrides the file, with the types of the settings', () => {
    const { config, database, overrides, document } = parsed(GOOD, {
      MM_SQLSETTINGS_DATASOURCE: 'postgres://u:p@b/d',
      MM_SQLSETTINGS_DATASOURCEREPLICAS: 'postgres://u:p@c/d  postgres://u:p@e/d',
      MM_SQLSETTINGS_DATASOURCESEARCHREPLICAS: '["host=s dbname=d user=u"]',
      MM_SQLSETTINGS_MAXOPENCONNS: '12',
      MM_SQLSETTINGS_TRACE: '1',
      MM_TEAMSETTINGS_ENABLEOPENSERVER: 'False',
      MM_SERVICESETTINGS_LISTENADDRESS: ':0',
      MM_SERVICESETTINGS_SITEURL: '',
      HOME: '/root',
    });
    expect(database.sources.map(({ source }) => source.hosts[0].host)).toEqual(['b', 'c', 'e', 's']);
    expect(config.SqlSettings).toMatchObject({ MaxOpenConns: 12, Trace: true });
    expect(config.TeamSettings.EnableOpenServer).toBe(false);
    expect(config.ServiceSettings.ListenAddress).toBe(':0');
    expect(overrides.map(({ path }) => path)).not.toContain('ServiceSettings.SiteURL');
    expect(document).toEqual(GOOD);
  });

  it('is told apart from the file when a value is wrong', () => {
    expect(
      problems(GOOD, {
        MM_SQLSETTINGS_MAXOPENCONNS: '0',
        MM_SQLSETTINGS_DATASOURCEREPLICAS: 'nonsense',
        MM_SQLSETTINGS_TRACE: 'maybe',
        MM_SQLSETTINGS_QUERYTIMEOUT: '30s',
        MM_SQLSETTINGS_MAXOPENCONN: '1',
        MM_EMAILSETTINGS_SMTPSERVER: 'x',
      }),
    ).toEqual([
      'error: SqlSettings.MaxOpenConns = 0: Must be a whole number from 1 to 10000, without quotes. (Set by MM_SQLSETTINGS_MAXOPENCONNS.)',
      expect.stringMatching(
        /^error: SqlSettings.DataSourceReplicas\[0\] = ••••: This is no data source.*\(Set by MM_SQLSETTINGS_DATASOURCEREPLICAS\.\)$/,
      ),
      'error: SqlSettings.QueryTimeout = "30s": MM_SQLSETTINGS_QUERYTIMEOUT must be a whole number.',
      'error: SqlSettings.Trace = "maybe": MM_SQLSETTINGS_TRACE must be true or false.',
      'warning: The environment variable MM_EMAILSETTINGS_SMTPSERVER names no section of this server. It has no effect.',
      'warning: The environment variable MM_SQLSETTINGS_MAXOPENCONN names no setting of this server. It has no effect. Did you mean MM_SQLSETTINGS_MAXOPENCONNS?',
    ]);
  });
});

describe('anything at all', () => {
  const section = fc.constantFrom(...Object.keys(defaultConfig()), 'Other', '__proto__', 'constructor');
  const key = fc.constantFrom(
    'DataSource',
    'DataSourceReplicas',
    'MaxOpenConns',
    'SiteURL',
    'ListenAddress',
    '__proto__',
    'toString',
  );
  const document = fc.dictionary(
    section,
    fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }))),
  );
  const variable = fc.constantFrom(
    'MM_SQLSETTINGS_DATASOURCE',
    'MM_SQLSETTINGS_DATASOURCEREPLICAS',
    'MM_SQLSETTINGS_TRACE',
    'MM_',
    'MM_X_Y',
  );

  it('is read or refused with problems, never thrown', () => {
    const content = fc.oneof(
      document.map((each) => JSON.stringify(each)),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(content, fc.dictionary(variable, fc.string()), (file, env) => {
        const result = parseConfig(file, readEnvironment(env));
        if ('problems' in result) expect(result.problems.some(({ severity }) => severity === 'error')).toBe(true);
        else expect(result.parsed.warnings.every(({ severity }) => severity === 'warning')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
