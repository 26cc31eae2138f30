import type { ConfigChange } from '../../contract/index.ts';
import { AppError } from '../services/index.ts';

/** What `ExperimentalSettings.RestrictSystemAdmin` keeps for the operator of the machine. */
const restrictedActions: ReadonlySet<string> = new Set([
  ...['config.reload', 'config.restore', 'config.write_master'],
  ...['database.recycle', 'database.switchover', 'database.rotation', 'caches.invalidate'],
]);

const restrictedSettings = [
  'SqlSettings.',
  'ExperimentalSettings.RestrictSystemAdmin',
  'ServiceSettings.ListenAddress',
  'ServiceSettings.TrustedProxyIPHeader',
  'FileSettings.DriverName',
  'FileSettings.Directory',
] as const;

/** @throws AppError 403 when a restricted system admin may not do this. */
export function refuseRestricted(action: string, isRestricted: boolean): void {
  if (isRestricted && restrictedActions.has(action)) throw new AppError('api.restricted_system_admin');
}

/** The same for settings; the admin who could lift the restriction would not be restricted. */
export function refuseRestrictedSettings(changes: readonly ConfigChange[], isRestricted: boolean): void {
  const touched = changes.some(({ path }) => restrictedSettings.some((each) => path.startsWith(each)));
  if (isRestricted && touched) throw new AppError('api.restricted_system_admin');
}
