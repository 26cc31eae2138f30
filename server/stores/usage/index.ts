export { createUsageStore, type Usage, type UsageStore } from './usage-store.ts';
