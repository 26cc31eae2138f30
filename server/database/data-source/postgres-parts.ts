import { fault, type RawHost, type Reading } from './finding.ts';

const OWN = new Set(['host', 'hostaddr', 'port', 'dbname', 'user', 'password']);

/** Pairs the lists `host=a,b` and `port=1,2`; one port serves all hosts, as in libpq. */
const pairHosts = (hosts: string, ports: string): readonly RawHost[] | undefined => {
  if (hosts === '') return [];
  const names = hosts.split(',').map((host) => host.trim());
  const numbers = ports.split(',').map((port) => port.trim());
  if (numbers.length > 1 && numbers.length !== names.length) return undefined;
  return names.map((host, index) => ({
    host: host.replace(/^\[(.*)\]$/s, '$1'),
    port: (numbers.length === 1 ? numbers[0] : numbers[index]) ?? '',
  }));
};

/** Sorts libpq's names into parts; everything that is not an address or a credential is an option. */
export const postgresParts = (pairs: ReadonlyMap<string, string>): Reading => {
  const given = (name: string): string => pairs.get(name) ?? '';
  const hosts = pairHosts(given('host') || given('hostaddr'), given('port'));
  if (hosts === undefined) {
    return fault('bad-port', 'The numbers of hosts and ports differ. Give one port for all hosts or one for each.');
  }
  return {
    parts: {
      driver: 'postgres',
      hosts,
      database: given('dbname'),
      user: given('user'),
      password: given('password'),
      options: new Map([...pairs].filter(([name]) => !OWN.has(name))),
    },
  };
};
