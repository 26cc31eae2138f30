export { createFaultProxy, type FaultMode, type FaultProxy, type FaultProxyOptions } from './proxy.ts';
