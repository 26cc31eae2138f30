export { type Environment, type Override } from './environment.ts';
export { type ListenAddress, parseListenAddress } from './listen-address.ts';
export { ConfigError, formatProblem } from './problem.ts';
export { type Config, defaultConfig } from './schema.ts';
export {
  checkConfigFile,
  type ConfigReloaded,
  type ConfigSnapshot,
  type ConfigStore,
  type ConfigStoreDeps,
  type DiskReport,
  openConfigStore,
  type ReloadAttempt,
} from './store.ts';
export { formatDocument, writeConfigFile } from './write-file.ts';
