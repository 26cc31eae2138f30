export { Cluster, createCluster, openCluster } from './cluster.ts';
export { type EmbeddedCluster, type EmbeddedNode, type Engine, engines } from './embedded.ts';
export { ClusterError } from './errors.ts';
export type { ClusterLog } from './log.ts';
export { createMariadbCluster, openMariadbCluster } from './mariadb/cluster.ts';
export type { ClusterNode } from './node.ts';
export type { NodeStatus } from './node-status.ts';
export { processBegan } from './processes.ts';
export { readPorts } from './state.ts';
