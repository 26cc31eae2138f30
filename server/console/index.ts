export type { ConfigControl, ConfigSnapshot, DiskReport, ReloadAttempt } from './config-port.ts';
export { type ConsoleDeps, type ConsoleService, openConsole } from './console.ts';
export {
  type ControlEvent,
  type DatabaseControl,
  type RecycleResult,
  recycleSteps,
  type StepProgress,
} from './control.ts';
