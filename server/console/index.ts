export { type ConsoleDeps, type ConsoleService, openConsole } from './console.ts';
export { settleInterruptedSwitchover } from './settle-switchover.ts';
