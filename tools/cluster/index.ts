export { Cluster, createCluster, openCluster } from './cluster.ts';
export { ClusterError } from './errors.ts';
export type { ClusterNode } from './node.ts';
export type { NodeStatus } from './node-status.ts';
export { processBegan } from './processes.ts';
