export { type CliDeps, main } from './run.ts';
export { describeStartupFailure } from './startup-failure.ts';
