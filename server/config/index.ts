export type { ConfigEdit } from './edit-config.ts';
export type { Environment } from './environment.ts';
export { parseListenAddress } from './listen-address.ts';
export {
  accountSettings,
  clientSettings,
  fileSettings,
  fileStorageSettings,
  isSecure,
  logSettings,
  rateLimitSettings,
  searchSettings,
  sessionSettings,
} from './passed-down.ts';
export { ConfigError, formatProblem } from './problem.ts';
export type { FileReplacement } from './replace-file.ts';
export { type Config, defaultConfig, type SectionName } from './schema.ts';
export {
  checkConfigFile,
  type ConfigComparison,
  type ConfigEdited,
  type ConfigSnapshot,
  type ConfigStore,
  type MasterMove,
  type MasterWrite,
  openConfigStore,
  type ReloadAttempt,
} from './store.ts';
export { type ConfigVersions, createConfigVersions } from './versions.ts';
export { writeConfigFile } from './write-file.ts';
