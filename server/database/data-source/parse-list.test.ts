import { describe, expect, it } from 'vitest';
import { type DataSourceLists, parseDataSources } from './index.ts';

const lists = (over: Partial<DataSourceLists>): DataSourceLists => ({
  driver: 'postgres',
  dataSource: 'postgres://u:pw@a/d',
  replicas: [],
  searchReplicas: [],
  ...over,
});
const pg = (host: string): string => `postgres://u:top-secret@${host}/d`;
const outcome = (over: Partial<DataSourceLists>) => {
  const result = parseDataSources(lists(over));
  return 'sources' in result
    ? result.sources.map(({ source, role, index, path }) => [index, role, source.name, path])
    : result.problems.map(({ path, index, code }) => [path, index, code]);
};

describe('parseDataSources', () => {
  it('gives the master first and counts the list and both arrays', () => {
    expect(outcome({ dataSource: `${pg('a')}, ${pg('b')}`, replicas: [pg('c')], searchReplicas: [pg('s')] })).toEqual([
      [0, 'master', 'a:5432/d', 'DataSource[0]'],
      [1, 'replica', 'b:5432/d', 'DataSource[1]'],
      [2, 'replica', 'c:5432/d', 'DataSourceReplicas[0]'],
      [3, 'search-replica', 's:5432/d', 'DataSourceSearchReplicas[0]'],
    ]);
  });

  it('accepts eight replicas of all kinds and refuses the ninth', () => {
    const hosts = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => pg(`${prefix}${at}`));
    const dataSource = ['a', 'b', 'c', 'd'].map(pg).join(',');
    const eight = outcome({ dataSource, replicas: hosts('r', 3), searchReplicas: hosts('s', 2) });
    expect(eight).toHaveLength(9);
    expect(outcome({ dataSource, replicas: hosts('r', 3), searchReplicas: hosts('s', 4) })).toEqual([
      ['DataSourceSearchReplicas[2]', 2, 'too-many'],
    ]);
  });

  it.each([
    ['the same database twice', { dataSource: `${pg('a')},${pg('A')}` }, [['DataSource[1]', 1, 'duplicate']]],
    [
      'the master among the replicas',
      { replicas: ['host=a dbname=d user=x'] },
      [['DataSourceReplicas[0]', 0, 'duplicate']],
    ],
    ['a doubled comma', { dataSource: `${pg('a')},,${pg('b')}` }, [['DataSource[1]', 1, 'empty']]],
    ['a comma at the end', { dataSource: `${pg('a')}, ` }, [['DataSource[1]', 1, 'empty']]],
    ['a comma at the start', { dataSource: `,${pg('b')}` }, [['DataSource[0]', 0, 'empty']]],
    ['an empty array entry', { replicas: [''] }, [['DataSourceReplicas[0]', 0, 'empty']]],
    ['nothing at all', { dataSource: '  ' }, [['DataSource[0]', 0, 'empty']]],
    ['two engines', { dataSource: `${pg('a')},u:p@tcp(b:1)/d` }, [['DataSource[1]', 1, 'mixed-drivers']]],
    ['the other engine', { dataSource: 'mysql://u:p@b/d' }, [['DataSource[0]', 0, 'wrong-driver']]],
  ])('refuses %s', (_, over, expected) => {
    expect(outcome(over)).toEqual(expected);
  });

  it('reports the problems of all entries at once', () => {
    expect(
      outcome({
        dataSource: `${pg('a:x')},${pg('b')},postgres://u@c/`,
        replicas: [pg('b'), 'what?'],
        searchReplicas: [''],
      }),
    ).toEqual([
      ['DataSource[0]', 0, 'bad-port'],
      ['DataSource[2]', 2, 'no-database'],
      ['DataSourceReplicas[1]', 1, 'unknown-form'],
      ['DataSourceSearchReplicas[0]', 0, 'empty'],
      ['DataSourceReplicas[0]', 0, 'duplicate'],
    ]);
  });

  it('masks the value of a problem', () => {
    const result = parseDataSources(lists({ dataSource: `${pg('a')},${pg('a')},${pg('b:x')}` }));
    expect(JSON.stringify(result)).not.toContain('top-secret');
    expect('problems' in result && result.problems.map((each) => each.value)).toEqual([
      '••••',
      'postgres://u:••••@a:5432/d',
    ]);
  });
});
