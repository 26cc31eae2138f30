// Writes the container's first config.json. A file that is there stays as it is: from then on it is the operator's, who edits it,
// reloads and recycles. (Settings given as MM_* variables would win over every later edit.)
import { existsSync, writeFileSync } from 'node:fs';

const file = '/var/lib/holdfast/config.json';
const { APPLICATION_PASSWORD: password, DATABASE_HOSTS: hosts = '' } = process.env;

if (!existsSync(file)) {
  if (!password || hosts.trim() === '') {
    console.error('Set APPLICATION_PASSWORD and DATABASE_HOSTS (host names, the master first) for the first start.');
    process.exit(1);
  }
  const sources = hosts
    .trim()
    .split(/\s+/)
    .map((host) => `postgres://holdfast:${encodeURIComponent(password)}@${host}:5432/holdfast`);
  const config = {
    // All interfaces of the container; the compose file publishes the port on the host's loopback only.
    ServiceSettings: { ListenAddress: ':8065' },
    SqlSettings: { DriverName: 'postgres', DataSource: sources.join(',') },
  };
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
