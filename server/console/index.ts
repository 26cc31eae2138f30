export { type ConsoleDeps, type ConsoleService, openConsole } from './console.ts';
