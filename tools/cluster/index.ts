export { Cluster, createCluster, openCluster } from './cluster.ts';
export { ClusterError } from './errors.ts';
export type { ClusterNode } from './node.ts';
export { processBegan } from './processes.ts';
export type { NodeStatus } from './status.ts';
