import { describe, expect, it } from 'vitest';
import { testSettings } from '../testing/index.ts';
import type { DatabaseSettings } from './settings.ts';
import { withMaster } from './with-master.ts';

const url = (host: string): string => `postgres://chat:secret@${host}:5432/chat`;
const settings = testSettings(['a', 'b', 'c'].map(url).join(','), { DataSourceSearchReplicas: [url('s')] });
const rolesOf = ({ sources }: DatabaseSettings): string[] =>
  sources.map(({ source, role, index }) => `${index} ${source.hosts[0].host} ${role}`);
const nameOf = (host: string): string =>
  settings.sources.find(({ source }) => source.hosts[0].host === host)?.source.name ?? '';

describe('withMaster', () => {
  it('puts the chosen one first and the former master second', () => {
    expect(rolesOf(withMaster(settings, nameOf('c')))).toEqual([
      '0 c master',
      '1 a replica',
      '2 b replica',
      '3 s search-replica',
    ]);
  });

  it('may choose a search replica; the others keep their role', () => {
    expect(rolesOf(withMaster(settings, nameOf('s')))).toEqual([
      '0 s master',
      '1 a replica',
      '2 b replica',
      '3 c replica',
    ]);
  });

  it('changes nothing for the running master', () => {
    expect(withMaster(settings, nameOf('a'))).toBe(settings);
  });

  it('refuses a name that is not there', () => {
    expect(() => withMaster(settings, 'nobody')).toThrow('nobody');
  });
});
