import type { ConfigChange } from '../../contract/index.ts';

export type Effect = ConfigChange['takes_effect'];

/** No pool knows of these: used by nothing (for the sake of Mattermost's files), or asked for at each search. */
const WITHOUT_POOL: ReadonlySet<string> = new Set([
  ...['AtRestEncryptKey', 'DisableDatabaseSearch', 'ReplicaLagSettings', 'ReplicaMonitorIntervalSeconds'],
]);

/** Taken once, when the server starts. Whatever else stands outside of `SqlSettings` is asked for at each use. */
const AT_START: ReadonlySet<string> = new Set([
  ...['ServiceSettings.ListenAddress', 'MetricsSettings.Enable'],
  ...['FileSettings.DriverName', 'FileSettings.Directory', 'FileSettings.MaxImageDecoderConcurrency'],
]);

/** When a change of `section.key` takes effect, once it is part of the running configuration. */
export const effectOf = (section: string, key: string): Effect => {
  if (section === 'SqlSettings') return WITHOUT_POOL.has(key) ? 'now' : 'after-recycle';
  return AT_START.has(`${section}.${key}`) ? 'after-restart' : 'now';
};
