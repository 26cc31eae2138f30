export { createFaultProxy, type FaultProxy } from './proxy.ts';
