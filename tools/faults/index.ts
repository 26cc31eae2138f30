export { createFaultProxy, type FaultProxy } from './proxy.ts';
export { putOnSmallDisk, type SmallDisk, whyNoSmallDisk } from './small-disk.ts';
