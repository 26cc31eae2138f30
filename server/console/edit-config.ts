import type { ConfigChange } from '../../contract/index.ts';
import { type ConfigEdit, type ConfigStore, defaultConfig } from '../config/index.ts';
import { AppError } from '../services/index.ts';
import type { Versions } from './config-versions.ts';
import type { EventLog } from './event-log.ts';
import { refuseRestrictedSettings } from './restricted-admin.ts';

export interface EditConfigDeps {
  readonly config: Pick<ConfigStore, 'running' | 'edit'>;
  readonly versions: Pick<Versions, 'keepEdited'>;
  readonly events: EventLog;
  readonly isRestricted: () => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Puts settings into the file and makes it the running configuration, as Mattermost's `PUT /config` does. Touches no pool:
 * databases move when somebody recycles.
 *
 * @throws AppError with all problems at once, and when the file holds something that is not running.
 */
export type EditConfig = (actor: string, edit: ConfigEdit) => Promise<void>;

export function createEditConfig(deps: EditConfigDeps): EditConfig {
  return async (actor, edit) => {
    const siteUrl = deps.config.running().config.ServiceSettings.SiteURL;
    const check: ConfigEdit['check'] = (changes, next) => {
      refuseRestrictedSettings(changes, deps.isRestricted());
      edit.check?.(changes, next);
      if (siteUrl !== '' && next.ServiceSettings.SiteURL === '')
        throw new AppError('api.config.update_config.clear_siteurl.app_error');
    };
    const edited = await deps.config.edit({ ...edit, check });
    if (edited.outcome === 'changed') throw new AppError('api.config.update_config.changed.app_error');
    if ('reason' in edited) throw refusal(edited);
    if (edited.outcome === 'written') await record(deps, actor, edited.changes);
  };
}

function refusal({ outcome, reason }: { readonly outcome: string; readonly reason: string }): AppError {
  const params = { reason };
  if (outcome === 'invalid') return new AppError('api.config.update_config.invalid.app_error', { params });
  return new AppError('api.config.update_config.file.app_error', { params });
}

async function record(
  { versions, events, now }: EditConfigDeps,
  actor: string,
  changes: ConfigChange[],
): Promise<void> {
  await versions.keepEdited(actor, changes);
  const paths = changes.map(({ path }) => path).join(', ');
  const text = `${actor} changed the configuration: ${paths}.`;
  const detail = { changes: changes.length };
  events.record({ at: now(), kind: 'config_edited', severity: 'info', source: null, text, detail }, actor);
}

/** What `remove_masked` and `remove_defaults` ask for. */
export interface ConfigView {
  readonly removeMasked: boolean;
  readonly removeDefaults: boolean;
}

type Sections = Record<string, Record<string, unknown>>;

/** The configuration as somebody wants to see it; sections that are empty then are left out. */
export function viewOf(config: Pick<ConfigStore, 'running' | 'masked'>, view: ConfigView): Sections {
  const own = config.running().config as unknown as Sections;
  const defaults = defaultConfig() as unknown as Sections;
  const isShown = (section: string, key: string, value: unknown): boolean => {
    const [now, byDefault] = [own, defaults].map((each) => JSON.stringify(each[section]?.[key]));
    // What is shown as something else than it is holds a secret.
    if (view.removeMasked && JSON.stringify(value) !== now) return false;
    return !view.removeDefaults || now !== byDefault;
  };
  const sections = Object.entries(config.masked() as Sections).map(([section, settings]) => [
    section,
    Object.fromEntries(Object.entries(settings).filter(([key, value]) => isShown(section, key, value))),
  ]);
  return Object.fromEntries(sections.filter(([, settings]) => Object.keys(settings as object).length > 0)) as Sections;
}
